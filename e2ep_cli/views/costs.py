"""The tables of `e2ep cost`."""

import textwrap
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from stages.contracts.calls import Calls
from stages.llm.prices.estimate import Estimate

_NOTE = (
    "An estimate: a token is taken as 3.5 characters, and answers to be as long as those of the "
    "offline rules, profiles longer by as much as the published ones are. A batch "
    "(llm.mode=batch) costs half. Retries, repairs and prompt prefixes that a provider has cached "
    "are not counted; stored answers cost nothing again, nor do the steps that llm.users keeps "
    "local.\n"
)


def calls_as_json(rows: list[Calls]) -> list[dict[str, Any]]:
    """The rows of a step, or of the ledger."""
    return [row.model_dump(mode="json") for row in rows]


def show_estimate(counted: dict[str, list[Calls]], prices: list[Estimate]) -> None:
    """What each step would ask, and what that costs with each model."""
    console = Console(highlight=False)
    console.print(_asked(counted))
    console.print(_priced(list(counted), prices))
    console.print(_NOTE, style="dim")


def _asked(counted: dict[str, list[Calls]]) -> Any:
    headings = _right("calls", "tokens in", "tokens out")
    table = Table("step", "task", *headings, title="A run would ask", title_justify="left")
    for step, rows in counted.items():
        for row in rows:
            table.add_row(
                step, row.task, f"{row.calls:,}", f"{row.input_tokens:,}", f"{row.output_tokens:,}"
            )
    every = [row for rows in counted.values() for row in rows]
    sums = (
        sum(getattr(row, name) for row in every)
        for name in ("calls", "input_tokens", "output_tokens")
    )
    table.add_section()
    table.add_row("all", "", *(f"{total:,}" for total in sums))
    return table


def _priced(steps: list[str], prices: list[Estimate]) -> Any:
    # A name may wrap at its hyphens.
    headings = _right(*("\n".join(textwrap.wrap(price.model, 12)) for price in prices))
    table = Table("step", *headings, title="Dollars, with each model", title_justify="left")
    for step in steps:
        cells = (None if price.steps is None else price.steps[step] for price in prices)
        table.add_row(step, *map(_dollars, cells))
    table.add_section()
    halves = (None if price.dollars is None else price.dollars / 2 for price in prices)
    table.add_row("all", *(_dollars(price.dollars) for price in prices), style="bold")
    table.add_row("in batches", *map(_dollars, halves))
    table.add_row("prices of", *(price.date for price in prices), style="dim")
    table.add_row("model ends", *(_end(price.ends) for price in prices), style="dim")
    return table


def _end(day: str) -> str:
    return f"ended {day}" if day and date.fromisoformat(day) <= date.today() else day


def show_spent(rows: list[Calls]) -> None:
    """What the ledger holds, by task and model."""
    from rich.table import Column, Table

    console = Console(highlight=False)
    if not rows:
        return console.print("Nothing has been spent yet: no chat model has been asked.")
    headings = _right(
        "attempts", "no answer", "tokens in", "cached", "tokens out", "dollars", "seconds"
    )
    task = Column("task", overflow="fold")
    table = Table(task, "model", *headings, title="Spent", title_justify="left")
    for row in rows:
        unanswered = row.calls - row.outcomes.get("answered", 0)
        tokens = (row.input_tokens, row.cached_tokens, row.output_tokens)
        numbers = (f"{number:,}" for number in (row.calls, unanswered, *tokens))
        table.add_row(row.task, row.model, *numbers, _dollars(row.dollars), f"{row.seconds:,.0f}")
    console.print(table)
    total = sum(row.dollars or 0 for row in rows)
    console.print(
        f"{sum(row.calls for row in rows):,} attempts, {_dollars(total)} in all", style="bold"
    )


def _dollars(value: float | None) -> str:
    return "unknown" if value is None else f"${value:,.4f}" if 0 < value < 0.1 else f"${value:,.2f}"


def _right(*names: str) -> list[Any]:
    return [Column(name, justify="right", overflow="fold") for name in names]
