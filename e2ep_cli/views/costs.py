"""The tables of `e2ep cost`."""

import textwrap
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stages.contracts.calls import Calls
    from stages.llm.prices.estimate import Estimate

NOTE = (
    "About that much: tokens are counted at 3.5 characters each, answers as long as those of the offline rules, profiles as "
    "much longer as the published ones are. A batch (llm.mode=batch) costs half. Retries, repairs and prompt prefixes that a provider has cached are not counted; answers "
    "already kept cost nothing again, nor do the steps that llm.users keeps at home.\n"
)


def show_estimate(counted: "dict[str, list[Calls]]", prices: "list[Estimate]") -> None:
    """What each step would ask, and what that costs with each model."""
    from rich.console import Console

    console = Console(highlight=False)
    console.print(_asked(counted))
    console.print(_priced(list(counted), prices))
    console.print(NOTE, style="dim")


def _asked(counted: "dict[str, list[Calls]]") -> Any:
    from rich.table import Table

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


def _priced(steps: list[str], prices: "list[Estimate]") -> Any:
    from rich.table import Table

    title = "Dollars, with each model"
    table = Table(
        "step", *_right(*(_heading(one.model) for one in prices)), title=title, title_justify="left"
    )
    for step in steps:
        table.add_row(
            step, *(_dollars(None if one.steps is None else one.steps[step]) for one in prices)
        )
    table.add_section()
    table.add_row("all", *(_dollars(one.dollars) for one in prices), style="bold")
    table.add_row(
        "in batches",
        *(_dollars(None if one.dollars is None else one.dollars / 2) for one in prices),
    )
    table.add_row("prices of", *(one.date for one in prices), style="dim")
    table.add_row("model ends", *(_end(one.ends) for one in prices), style="dim")
    return table


def _heading(model: str) -> str:
    """A name that may break at its hyphens."""
    return "\n".join(textwrap.wrap(model, 12))


def _end(day: str) -> str:
    return f"ended {day}" if day and date.fromisoformat(day) <= date.today() else day


def show_spent(rows: "list[Calls]") -> None:
    """What the ledger holds, by task and model."""
    from rich.console import Console
    from rich.table import Column, Table

    console = Console(highlight=False)
    if not rows:
        return console.print("Nothing was spent yet: no chat model has been asked.")
    headings = _right(
        "attempts", "no answer", "tokens in", "cached", "tokens out", "dollars", "seconds"
    )
    task = Column("task", overflow="fold")
    table = Table(task, "model", *headings, title="Spent", title_justify="left")
    for row in rows:
        table.add_row(row.task, row.model, *_spent_cells(row))
    console.print(table)
    total = sum(row.dollars or 0 for row in rows)
    console.print(
        f"{sum(row.calls for row in rows):,} attempts, {_dollars(total)} in all", style="bold"
    )


def _spent_cells(row: "Calls") -> list[str]:
    without = row.calls - row.outcomes.get("answered", 0)
    numbers = (row.calls, without, row.input_tokens, row.cached_tokens, row.output_tokens)
    return [*(f"{number:,}" for number in numbers), _dollars(row.dollars), f"{row.seconds:,.0f}"]


def _dollars(value: float | None) -> str:
    return "unknown" if value is None else f"${value:,.4f}" if 0 < value < 0.1 else f"${value:,.2f}"


def _right(*names: str) -> list[Any]:
    from rich.table import Column

    return [Column(name, justify="right", overflow="fold") for name in names]
