"""Models known by name, with the parameters that each accepts.

All of them, Ollama included, take a JSON schema (`response_format` of type `json_schema`, Gemini's
`response_json_schema`).

What the providers cache of a prompt on their own: OpenAI a prefix of 1,024 tokens or more, which
includes the answer's schema before the system message, for 5–10 minutes without use and an hour at
most (developers.openai.com, "Prompt caching"); Gemini 2.5 a prefix of 2,048 tokens or more
(ai.google.dev, "Context caching", 2026-10-13).
"""

import re
from dataclasses import dataclass

from stages.core.errors import ParamError

_REASONING = re.compile(r"o\d|gpt-[5-9]")


@dataclass(frozen=True)
class Preset:
    """How a model is asked.

    `name` is what the server calls it. Reasoning models take no temperature, and
    `max_completion_tokens` instead of `max_tokens`; they spend most of it before the first word of
    the answer. How long they reason is up to them: o4-mini's `reasoning_effort` (low, medium, high)
    is medium if none is sent.
    """

    name: str
    provider: str = "openai"
    base_url: str | None = None
    reasoning: bool = False
    effort: str | None = None
    """How hard it thinks before an answer; null leaves it to the server."""
    thinking: int = 0
    """Tokens that it is assumed to spend before an answer; for estimates only."""
    thinks: int | None = None
    """The most tokens that Gemini may think; None leaves it to the server.

    gemini-2.5-flash thinks unless this is 0."""
    ends: str = ""
    """The day on which the provider retires it, by the "Deprecations" pages of November 2026.

    Afterwards OpenAI no longer knows the name, and Google answers with a newer model at its
    price."""


PRESETS = {
    "gpt-4o-mini": Preset("gpt-4o-mini", ends="2027-01-14"),
    "gpt-4.1-mini": Preset("gpt-4.1-mini", ends="2027-01-14"),
    "o4-mini": Preset("o4-mini", reasoning=True, effort="medium", thinking=600, ends="2026-10-23"),
    "gemma-3-4b": Preset("gemma3:4b", base_url="http://127.0.0.1:11434/v1"),
    "gemini-2.5-flash": Preset("gemini-2.5-flash", provider="gemini", thinks=0, ends="2026-12-01"),
    "gemini-2.5-flash-lite": Preset("gemini-2.5-flash-lite", provider="gemini"),
}


def preset(model: str, provider: str) -> Preset:
    """The preset of this name, else a model of this name.

    It counts as a reasoning model if its name begins like OpenAI's. A preset of another provider is
    a ParamError.
    """
    known = PRESETS.get(model) or Preset(model, provider, reasoning=bool(_REASONING.match(model)))
    if known.provider != provider:
        raise ParamError(
            f"llm.model is {model}, which llm.provider {provider} does not have; set llm.provider "
            f"to {known.provider}"
        )
    return known
