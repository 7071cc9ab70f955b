"""What `e2ep llm models` prints."""

import json
from collections.abc import Mapping
from typing import Any

import typer
from rich.box import SIMPLE_HEAD

from e2ep_cli.console import PlainConsole
from e2ep_cli.views.costs import last_day
from e2ep_cli.views.tables import WholeTable, name_column, number_column, show_table
from stages.llm.families import Family, model_family
from stages.llm.prices.presets import PRESETS, Preset
from stages.llm.prices.prices import Price, list_prices

_NOTE = (
    "Dollars per million tokens: input, input from the provider's cache, input put into it, "
    "output. Effort is what the model gets while llm.effort is null. Any other name that a "
    "server knows works too.\n"
)


def models_as_json(bodies: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A model each; with its body and what its family accepts if there are bodies."""
    return [
        _facts(name, preset)
        | ({"accepts": _accepted(_family(preset)), "body": bodies[name]} if bodies else {})
        for name, preset in PRESETS.items()
    ]


def show_models() -> None:
    """A row per model."""
    prices = map(number_column, ("in", "cached", "write", "out"))
    table = WholeTable(
        name_column("model"),
        "family",
        *prices,
        name_column("effort"),
        "last day",
        box=SIMPLE_HEAD,
        show_edge=False,
        padding=0,
    )
    for name, preset in PRESETS.items():
        price = list_prices()[name]
        table.add_row(
            name,
            _family(preset).name,
            *map(_dollars, (price.input, price.cached, price.cache_write, price.output)),
            preset.effort or "",
            last_day(preset.ends),
        )
    show_table(table)
    PlainConsole().print(_NOTE, style="dim")


def show_bodies(bodies: Mapping[str, Mapping[str, Any]]) -> None:
    """What each model's family accepts, by which source, and the body that is sent."""
    for name, body in bodies.items():
        table = WholeTable(name_column(""), "", title=name, show_header=False)
        for what, value in _accepted(_family(PRESETS[name])).items():
            table.add_row(what, ", ".join(value) if isinstance(value, tuple) else str(value))
        show_table(table)
        typer.echo(f"{json.dumps(body, ensure_ascii=False, indent=1)}\n")


def _family(preset: Preset) -> Family:
    return model_family(preset.name, preset.provider)


def _facts(name: str, preset: Preset) -> dict[str, Any]:
    price: Price = list_prices()[name]
    return {
        "model": name,
        "provider": preset.provider,
        "family": _family(preset).name,
        "price": price.model_dump(),
        "effort": preset.effort,
        "last_day": preset.ends or None,
    }


def _accepted(family: Family) -> dict[str, Any]:
    return {
        "family": family.name,
        "effort": family.efforts or "none is taken",
        "sent as": family.sent_as if family.efforts else "",
        "temperature": family.temperature,
        "limit": family.limit,
        "source": family.source,
        "read on": family.date,
    }


def _dollars(price: float | None) -> str:
    return "" if price is None else f"{price:.3f}".removesuffix("0")
