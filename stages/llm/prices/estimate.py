"""What rehearsed calls would cost with a model, before any money is spent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from stages.contracts.calls import Calls
from stages.llm.chat import Usage
from stages.llm.families import Effort, model_family
from stages.llm.prices.presets import PRESETS, Preset
from stages.llm.prices.prices import Price, price_of

_CACHED_FROM = 1024
"""Tokens of the shortest prompt that OpenAI caches; writing it costs more than reading."""


@dataclass(frozen=True)
class Estimate:
    """Dollars per step with one model, asked call by call (a batch costs half); None if unknown."""

    model: str
    steps: dict[str, float] | None
    date: str
    """When the price was looked up."""
    ends: str
    effort: str | None = None
    thinking: int = 0
    """Tokens that it is assumed to think before each answer."""

    @property
    def dollars(self) -> float | None:
        """The sum over all steps."""
        return None if self.steps is None else sum(self.steps.values())


def usage_of(rows: Sequence[Calls], preset: Preset) -> Usage:
    """Tokens of all these calls, including what a reasoning model thinks before it answers.

    Questions that are long enough on average all go into the provider's cache.
    """
    thought = preset.thinking * sum(row.calls for row in rows)
    return Usage(
        input_tokens=sum(row.input_tokens for row in rows),
        cache_write_tokens=sum(
            row.input_tokens for row in rows if row.input_tokens >= _CACHED_FROM * row.calls
        ),
        output_tokens=sum(row.output_tokens for row in rows) + thought,
    )


def estimates(
    steps: Mapping[str, Sequence[Calls]],
    model: str | None,
    own: Mapping[str, Price],
    effort: Effort | None = None,
) -> list[Estimate]:
    """`model` with `effort` if there is one, then each other preset with its own.

    Without retries, repairs and cached prefixes.
    """
    first = () if model is None else (model,)
    return [
        _estimate(steps, name, effort if name == model else None, own)
        for name in dict.fromkeys((*first, *PRESETS))
    ]


def _thinking(preset: Preset, effort: Effort | None) -> Preset:
    """The preset with the effort that is asked for, else its own, else what its family does."""
    family = model_family(preset.name, preset.provider)
    by_itself: Effort | None = "medium" if family.efforts and family.name != "other" else None
    return replace(preset, effort=effort or preset.effort or by_itself)


def _estimate(
    steps: Mapping[str, Sequence[Calls]],
    name: str,
    effort: Effort | None,
    own: Mapping[str, Price],
) -> Estimate:
    preset, price = _thinking(PRESETS.get(name) or Preset(name), effort), price_of(name, own)
    if price is None:
        return Estimate(name, None, "unknown", preset.ends, preset.effort, preset.thinking)
    dollars = {step: price.dollars(usage_of(rows, preset)) for step, rows in steps.items()}
    return Estimate(name, dollars, price.date, preset.ends, preset.effort, preset.thinking)
