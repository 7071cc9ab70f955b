"""What rehearsed calls would cost with a model, before anything is spent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stages.core.calls import Calls
from stages.llm.chat import Usage
from stages.llm.presets import PRESETS, Preset
from stages.llm.prices import Price, price_of


@dataclass(frozen=True)
class Estimate:
    """Dollars of a whole run with one model, asked call by call and in batches; None where the price is not known."""

    model: str
    online: float | None
    batch: float | None
    date: str
    ends: str = ""


def usage_of(rows: Iterable[Calls], preset: Preset) -> Usage:
    """Tokens of all these calls, with what a reasoning model thinks before it answers."""
    rows = list(rows)
    thought = preset.thinking * sum(row.calls for row in rows)
    return Usage(
        input_tokens=sum(row.input_tokens for row in rows),
        output_tokens=sum(row.output_tokens for row in rows) + thought,
    )


def estimates(rows: Iterable[Calls], model: str, own: Mapping[str, Price]) -> list[Estimate]:
    """One for `model`, then one for each other preset. Without retries, repairs and cached prefixes."""
    rows = list(rows)
    found = []
    for name in dict.fromkeys((model, *PRESETS)):
        preset = PRESETS.get(name) or Preset(name)
        price = price_of(preset.name, own) or price_of(name, own)
        usage = usage_of(rows, preset)
        online, batch = (price.dollars(usage), price.in_batches().dollars(usage)) if price else (None, None)
        found.append(Estimate(name, online, batch, price.date if price else "unknown", preset.ends))
    return found
