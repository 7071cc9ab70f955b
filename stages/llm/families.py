"""What each family of models accepts: one table, each row with its source and the day it was read.

A model belongs to the first family of its provider whose pattern its name begins with, whichever
server has it and whatever stands before a slash (`openai/gpt-6-luna`). Sources are the providers'
own documentation; where that was not to be had, the row names the third party.
"""

import re
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from stages.core.errors import ParamError
from stages.llm.chat import Settings

Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"]
"""How hard a model thinks before it answers, in the words of `llm.effort`."""
_READ: Final = "2026-11-28"
_BUDGETS: dict[Effort, int] = {"none": 0, "low": 1024, "medium": 8192, "high": 24_576}
"""Tokens of Gemini 2.5's `thinking_budget`, as Google maps OpenAI's words
(ai.google.dev/gemini-api/docs/openai)."""


@dataclass(frozen=True)
class Family:
    """Models that accept the same parameters."""

    name: str
    provider: str
    models: str
    """A regular expression: how the names of its models begin."""
    limit: Literal["max_tokens", "max_completion_tokens", "max_output_tokens"]
    """The parameter that limits an answer, as a first guess: a server may want the other one."""
    temperature: Literal["always", "with effort none", "never"]
    source: str
    efforts: tuple[Effort, ...] = ()
    """The words that it knows; none if it cannot be told how hard to think."""
    sent_as: Literal["reasoning_effort", "thinking_level", "thinking_budget"] = "reasoning_effort"
    """The parameter that takes the word, or the tokens that stand for it."""
    date: str = _READ

    def settings(self, effort: Effort | None, temperature: float | None, limit: int) -> Settings:
        """The parameters of a request besides model, messages and schema."""
        settings: Settings = {self.limit: limit}
        if effort is not None:
            settings[self.sent_as] = (
                _BUDGETS[effort] if self.sent_as == "thinking_budget" else effort
            )
        fits = self.temperature == "always" or (
            self.temperature == "with effort none" and effort == "none"
        )
        if temperature is not None and fits:
            settings["temperature"] = temperature
        return settings

    def require_effort(self, effort: Effort | None, setting: str, model: str) -> None:
        """Raise a ParamError for a word that the family does not know."""
        if effort is None or effort in self.efforts:
            return
        known = f"knows {', '.join(self.efforts)}" if self.efforts else "takes no effort at all"
        cure = "set it to one of these, or to null" if self.efforts else "set it to null"
        raise ParamError(f"{setting} is {effort}, but {model} {known}; {cure}")


_gpt = partial(Family, provider="openai", limit="max_completion_tokens")
_plain = partial(Family, provider="openai", limit="max_tokens", temperature="always")
_gemini = partial(Family, provider="gemini", limit="max_output_tokens")
_gemini_3 = partial(_gemini, temperature="never", sent_as="thinking_level")
_gemini_2 = partial(_gemini, temperature="always", sent_as="thinking_budget")

MODEL_FAMILIES: tuple[Family, ...] = (
    _gpt(
        name="gpt-6, always thinking",
        models=r"gpt-6-astra|gpt-6\.[12]-(astra|sol)",
        temperature="never",
        efforts=("low", "medium", "high", "xhigh", "max"),
        source="as gpt-6; that they know no none: releases of yoagent 0.27.4 and "
        "home-generative-agent 3.46.0 (third parties)",
    ),
    _gpt(
        name="gpt-6",
        models=r"gpt-6",
        temperature="with effort none",
        efforts=("none", "low", "medium", "high", "xhigh", "max"),
        source="developers.openai.com/api/docs/models/gpt-6-luna (efforts, default medium), "
        "…/guides/deployment-checklist (no temperature unless effort is none)",
    ),
    _gpt(
        name="gpt-5.6",
        models=r"gpt-5\.6",
        temperature="never",
        efforts=("none", "low", "medium", "high", "xhigh", "max"),
        source="developers.openai.com/api/docs/models/gpt-5.6-luna (efforts, default "
        "medium); temperature: github.com/ItzCrazyKns/Vane/issues/1173 (third party)",
    ),
    _gpt(
        name="gpt-5.2 to 5.5",
        models=r"gpt-5\.[2-5]",
        temperature="with effort none",
        efforts=("none", "low", "medium", "high", "xhigh"),
        source="learn.microsoft.com, ReasoningEffort (xhigh after 5.1); temperature: "
        "github.com/vercel/ai/issues/10932 (third parties)",
    ),
    _gpt(
        name="gpt-5.1",
        models=r"gpt-5\.1",
        temperature="with effort none",
        efforts=("none", "low", "medium", "high"),
        source="learn.microsoft.com, ReasoningEffort; temperature: "
        "github.com/vercel/ai/issues/10932 (third parties)",
    ),
    _gpt(
        name="gpt-5",
        models=r"gpt-5",
        temperature="never",
        efforts=("minimal", "low", "medium", "high"),
        source="learn.microsoft.com, ReasoningEffort (no none before 5.1; third party)",
    ),
    _gpt(
        name="o-series",
        models=r"o\d",
        temperature="never",
        efforts=("low", "medium", "high"),
        source="the client openai 3.52.0, chat.completions.create (max_tokens is not "
        "compatible with o-series models); developers.openai.com/api/docs/guides/reasoning",
    ),
    _plain(
        name="gpt-4",
        models=r"gpt-[34]|chatgpt",
        source="the client openai 3.52.0, chat.completions.create",
    ),
    _plain(
        name="gemma 4",
        models=r"gemma-?4",
        efforts=("none", "low", "medium", "high"),
        source="docs.ollama.com/api/openai-compatibility; github.com/ollama/ollama/"
        "issues/14820 (it thinks unless effort is none)",
    ),
    _plain(
        name="gemma 3",
        models=r"gemma",
        source="docs.ollama.com/api/openai-compatibility (effort is for models that think)",
    ),
    _plain(
        name="other",
        models=r"",
        efforts=("none", "minimal", "low", "medium", "high", "xhigh", "max"),
        source="the client openai 3.52.0, chat.completions.create; its server decides",
    ),
    _gemini_3(
        name="gemini 3 flash",
        models=r"gemini-3(\.[0-6])?-flash",
        efforts=("minimal", "low", "medium", "high"),
        source="ai.google.dev/gemini-api/docs/whats-new-gemini-3.6; "
        "docs.cloud.google.com, models/gemini/3-5-flash-lite (temperature is not supported)",
    ),
    _gemini_3(
        name="gemini 3 and later",
        models=r"gemini-([3-9]|\d\d)",
        efforts=("low", "medium", "high"),
        source="docs.cloud.google.com, gemini-enterprise-agent-platform/models/thinking "
        "(Gemini 3 and later: thinking_level)",
    ),
    _gemini_2(
        name="gemini 2.5 flash",
        models=r"gemini-2\.5-flash",
        efforts=("none", "low", "medium", "high"),
        source="ai.google.dev/gemini-api/docs/thinking (thinking_budget); …/docs/openai "
        "(its tokens)",
    ),
    _gemini_2(
        name="gemini 2.5 pro",
        models=r"gemini-2\.5-pro",
        efforts=("low", "medium", "high"),
        source="ai.google.dev/gemini-api/docs/thinking (it cannot be told not to think)",
    ),
    _gemini(
        name="other",
        models=r"",
        temperature="always",
        source="the client google-genai 3.4.0, GenerateContentConfig",
    ),
)


def model_family(model: str, provider: str) -> Family:
    """The family of the model that a provider calls so."""
    own = model.rpartition("/")[2]
    return next(
        family
        for family in MODEL_FAMILIES
        if family.provider == provider and re.match(family.models, own)
    )
