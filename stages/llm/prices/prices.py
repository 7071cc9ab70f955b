"""Dollars per million tokens: the dated list prices of prices.csv, or `llm.prices` instead."""

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
"""Pydantic settings: with an infinite price nothing could be counted."""
_TABLE = Path(__file__).with_name("prices.csv")


class Price(Section):
    """Dollars per million tokens of one model."""

    model_config = FINITE

    input: NonNegativeFloat
    """Input tokens."""

    cached: NonNegativeFloat | None = None
    """Input tokens that the provider had cached; null means the same price as the others."""

    cache_write: NonNegativeFloat | None = None
    """Input tokens that the provider put into its cache; null means the same price as the others.
    """

    output: NonNegativeFloat
    """Output tokens, including those of reasoning."""

    date: str = "params.yaml"
    """When the list price was looked up."""

    def dollars(self, usage: Usage) -> float:
        """What these tokens cost."""
        cached = min(usage.cached_tokens, usage.input_tokens)
        written = min(usage.cache_write_tokens, usage.input_tokens - cached)
        charges = (
            (usage.input_tokens - cached - written, self.input),
            (cached, self.input if self.cached is None else self.cached),
            (written, self.input if self.cache_write is None else self.cache_write),
            (usage.output_tokens, self.output),
        )
        return sum(tokens * price for tokens, price in charges) / 1e6

    def in_batches(self) -> "Price":
        """Half: what OpenAI and Gemini both charge for questions asked in a batch."""
        prices = ("input", "cached", "cache_write", "output")
        known = {name: getattr(self, name) for name in prices}
        return self.model_copy(
            update={name: price / 2 for name, price in known.items() if price is not None}
        )


@cache
def list_prices() -> dict[str, Price]:
    """The prices of prices.csv by model."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return {
            row.pop("model"): Price.model_validate(
                {key: value or None for key, value in row.items()}
            )
            for row in csv.DictReader(lines)
        }


def price_of(model: str, own: Mapping[str, Price]) -> Price | None:
    """The person's own price, or else the list price, by the model's name or its server name."""
    names = [model, PRESETS[model].name] if model in PRESETS else [model]
    prices = (table[name] for table in (own, list_prices()) for name in names if name in table)
    return next(prices, None)


def needed_price(model: str, own: Mapping[str, Price]) -> Price:
    """The price, or a ParamError: a budget in dollars cannot be kept without one."""
    price = price_of(model, own)
    if price is None:
        raise ParamError(
            f"llm.budgets.dollars needs a price for {model}; add it under llm.prices in "
            f"params.yaml as {model}: {{input: DOLLARS, output: DOLLARS}} per million tokens"
        )
    return price
