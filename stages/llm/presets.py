"""Models known by name, with the parameters that each accepts."""

import re
from dataclasses import dataclass

from stages.core.errors import ParamError

REASONING = re.compile(r"o\d|gpt-5")


@dataclass(frozen=True)
class Preset:
    """How a model is asked.

    `name` is what the server calls it. Reasoning models take no temperature, and `max_completion_tokens` instead of
    `max_tokens`, of which they spend most before the first word of the answer.
    """

    name: str
    provider: str = "openai"
    base_url: str | None = None
    reasoning: bool = False
    thinking: int = 0
    """Tokens that it spends before an answer of this project's kinds: an assumption, for estimates alone."""


PRESETS = {
    "gpt-4o-mini": Preset("gpt-4o-mini"),
    "gpt-4.1-mini": Preset("gpt-4.1-mini"),
    "o4-mini": Preset("o4-mini", reasoning=True, thinking=600),
    "gemma-3-4b": Preset("gemma3:4b", base_url="http://127.0.0.1:11434/v1"),
    "gemini-2.5-flash": Preset("gemini-2.5-flash", provider="gemini"),
    "gemini-2.5-flash-lite": Preset("gemini-2.5-flash-lite", provider="gemini"),
}


def preset(model: str, provider: str) -> Preset:
    """The preset of this name, else the model as it is, a reasoning one if its name begins like one of OpenAI's."""
    known = PRESETS.get(model) or Preset(model, provider, reasoning=bool(REASONING.match(model)))
    if known.provider != provider:
        raise ParamError(
            f"llm.model is {model}, which llm.provider {provider} does not have; set it to {known.provider}"
        )
    return known
