"""Models known by name, with the parameters that each accepts.

All of them take a JSON schema (`response_format` of type `json_schema`, Gemini's `response_json_schema`), also Ollama.

What the providers cache of a prompt by themselves: OpenAI a prefix of 1,024 tokens or more, the answer's schema before
the system message included, for 5–10 minutes without use and an hour at most (developers.openai.com, "Prompt caching");
Gemini 2.5 a prefix of 2,048 tokens or more (ai.google.dev, "Context caching", 2026-10-13).
"""

import re
from dataclasses import dataclass

from stages.core.errors import ParamError

REASONING = re.compile(r"o\d|gpt-[5-9]")


@dataclass(frozen=True)
class Preset:
    """How a model is asked.

    `name` is what the server calls it. Reasoning models take no temperature, and `max_completion_tokens` instead of
    `max_tokens`, of which they spend most before the first word of the answer. How long they reason is left to them:
    o4-mini's `reasoning_effort` (low, medium, high) is medium where none is sent.
    """

    name: str
    provider: str = "openai"
    base_url: str | None = None
    reasoning: bool = False
    thinking: int = 0
    """Tokens that it spends before an answer of this project's kinds: an assumption, for estimates alone."""
    thinks: int | None = None
    """The most tokens that Gemini is told to think; None leaves it to the server. gemini-2.5-flash thinks unless told 0."""
    ends: str = ""
    """The day on which the provider ends it, as reported in November 2026 from the "Deprecations" pages; afterwards OpenAI
    knows the name no more, and Google answers with a newer model at its price."""


PRESETS = {
    "gpt-4o-mini": Preset("gpt-4o-mini", ends="2027-01-14"),
    "gpt-4.1-mini": Preset("gpt-4.1-mini", ends="2027-01-14"),
    "o4-mini": Preset("o4-mini", reasoning=True, thinking=600, ends="2026-10-23"),
    "gemma-3-4b": Preset("gemma3:4b", base_url="http://127.0.0.1:11434/v1"),
    "gemini-2.5-flash": Preset("gemini-2.5-flash", provider="gemini", thinks=0, ends="2026-12-01"),
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
