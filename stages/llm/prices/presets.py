"""Models known by name: where they are, and how hard they are told to think.

What each accepts is in `stages/llm/families.py`. All of them, Ollama included, take a JSON schema
(`response_format` of type `json_schema`, Gemini's `response_json_schema`).

What the providers cache of a prompt on their own: OpenAI a prefix of 1,024 tokens or more, which
includes the answer's schema before the system message; from GPT-5.6 on for 30 minutes or more, and
writing it costs 1.25 times the price of input (developers.openai.com, "Prompt caching",
2026-11-28). Gemini 2.5 and later a prefix of 2,048 tokens or more; writing costs nothing
(ai.google.dev, "Context caching", 2026-10-13).
"""

from dataclasses import dataclass

from stages.core.errors import ParamError
from stages.llm.families import Effort
from stages.llm.prices.endings import ending_of

_HERE = "http://127.0.0.1:11434/v1"
"""Where Ollama listens."""
_THOUGHTS: dict[Effort | None, int] = {
    None: 0,
    "none": 0,
    "minimal": 60,
    "low": 300,
    "medium": 600,
    "high": 1200,
    "xhigh": 2400,
    "max": 4800,
}
"""Tokens by effort: an assumption, as no provider says how long its models think."""


@dataclass(frozen=True)
class Preset:
    """How a model is asked; `name` is what the server calls it."""

    name: str
    provider: str = "openai"
    base_url: str | None = None
    effort: Effort | None = None
    """What `llm.effort` is if it is null; null leaves it to the server."""

    @property
    def thinking(self) -> int:
        """Tokens that it is assumed to think before an answer; for estimates only."""
        return _THOUGHTS[self.effort]

    @property
    def ends(self) -> str:
        """Its last day, if one is announced."""
        ending = ending_of(self.name)
        return ending.day.isoformat() if ending else ""


DEFAULT_MODELS = {"openai": "gpt-6-luna", "gemini": "gemini-3.5-flash-lite"}
"""The model of each provider where `llm.model` names none."""
PRESETS = {
    "gpt-6-luna": Preset("gpt-6-luna", effort="none"),
    "gpt-6.1-terra": Preset("gpt-6.1-terra", effort="low"),
    "gemini-3.5-flash-lite": Preset("gemini-3.5-flash-lite", "gemini", effort="minimal"),
    "gemini-3.6-flash": Preset("gemini-3.6-flash", "gemini", effort="low"),
    "gemma4:e4b": Preset("gemma4:e4b", base_url=_HERE, effort="none"),
    "gpt-4o-mini": Preset("gpt-4o-mini"),
    "gpt-4.1-mini": Preset("gpt-4.1-mini"),
    "o4-mini": Preset("o4-mini", effort="medium"),
    "gemma-3-4b": Preset("gemma3:4b", base_url=_HERE),
}
"""The last four are the paper's: history, for what they answered and for its replay."""


def preset(model: str, provider: str) -> Preset:
    """The preset of this name, else a model of this name.

    A preset of another provider is a ParamError.
    """
    known = PRESETS.get(model) or Preset(model, provider)
    if known.provider != provider:
        raise ParamError(
            f"llm.model is {model}, which llm.provider {provider} does not have; set llm.provider "
            f"to {known.provider}"
        )
    return known
