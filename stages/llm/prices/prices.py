"""Dollars per million tokens: the dated list prices of prices.csv, which `llm.prices` of params.yaml overrides."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pydantic import ConfigDict, NonNegativeFloat

from stages.core.errors import ParamError
from stages.core.params import Section
from stages.llm.chat import Usage
from stages.llm.prices.presets import PRESETS

FINITE = ConfigDict(allow_inf_nan=False)
"""With an infinite number nothing could be counted."""
TABLE = Path(__file__).with_name("prices.csv")


class Price(Section):
    """Dollars per million tokens of one model."""

    model_config = FINITE

    input: NonNegativeFloat
    """Input tokens."""

    cached: NonNegativeFloat | None = None
    """Input tokens that the provider had cached; without a price they cost as much as the others."""

    output: NonNegativeFloat
    """Output tokens, those of reasoning among them."""

    date: str = "params.yaml"
    """When the list price was taken down."""

    def dollars(self, usage: Usage) -> float:
        """What these tokens cost."""
        cached = min(usage.cached_tokens, usage.input_tokens)
        rate = self.input if self.cached is None else self.cached
        fresh = usage.input_tokens - cached
        return (fresh * self.input + cached * rate + usage.output_tokens * self.output) / 1e6

    def in_batches(self) -> "Price":
        """Half: what OpenAI and Gemini both take for questions asked in a batch."""
        cached = None if self.cached is None else self.cached / 2
        return self.model_copy(
            update={"input": self.input / 2, "cached": cached, "output": self.output / 2}
        )


@cache
def listed() -> dict[str, Price]:
    """Every model of prices.csv."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return {row.pop("model"): Price.model_validate(row) for row in csv.DictReader(lines)}


def price_of(model: str, own: Mapping[str, Price]) -> Price | None:
    """One's own price, else the list price, of the model or of the name that its server has for it, else None."""
    names = [model, PRESETS[model].name] if model in PRESETS else [model]
    prices = (table[name] for table in (own, listed()) for name in names if name in table)
    return next(prices, None)


def needed_price(model: str, own: Mapping[str, Price]) -> Price:
    """The price, or a ParamError, for a budget in dollars can't be kept without one."""
    price = price_of(model, own)
    if price is None:
        raise ParamError(
            f"llm.budgets.dollars needs a price for {model}; add it under llm.prices in params.yaml as "
            f"{model}: {{input: DOLLARS, output: DOLLARS}} per million tokens"
        )
    return price
