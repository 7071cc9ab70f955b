"""The tables of `e2ep cost`."""

from datetime import date
from typing import Any

from e2ep_cli.console import PlainConsole
from e2ep_cli.views.tables import WholeTable, name_column, number_column, show_table
from stages.contracts.calls import Calls
from stages.llm.prices.estimate import Estimate

_NOTE = (
    "An estimate that errs upwards: tokens by words, digits and punctuation, profiles as long as "
    "published ones. Thinking is an assumption: the effort, and tokens before each answer. Retries "
    "and repairs come on top. Prompts that a provider has cached cost less, and nothing is paid "
    "for stored answers or for the steps that llm.users keeps local.\n"
)


def calls_as_json(rows: list[Calls]) -> list[dict[str, Any]]:
    """The rows of a step, or of the ledger."""
    return [row.model_dump(mode="json") for row in rows]


def show_estimate(counted: dict[str, list[Calls]], prices: list[Estimate]) -> None:
    """What each step would ask, what it costs with llm.model, and the whole with each model."""
    show_table(_asked(counted))
    if prices[0].steps is not None:
        show_table(_by_step(prices[0].model, prices[0].steps))
    show_table(_by_model(prices))
    PlainConsole().print(_NOTE, style="dim")


def _asked(counted: dict[str, list[Calls]]) -> WholeTable:
    headings = map(number_column, ("calls", "tokens in", "tokens out"))
    table = WholeTable(name_column("step"), name_column("task"), *headings, title="A run would ask")
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


def _by_step(model: str, steps: dict[str, float]) -> WholeTable:
    table = WholeTable(name_column("step"), number_column("dollars"), title=f"With {model}")
    for step, dollars in steps.items():
        table.add_row(step, _dollars(dollars))
    table.add_section()
    table.add_row("all", _dollars(sum(steps.values())), style="bold")
    return table


def _by_model(prices: list[Estimate]) -> WholeTable:
    table = WholeTable(
        name_column("model"),
        name_column("thinking"),
        *map(number_column, ("dollars", "in batches", "last day")),
        title=f"With each model{_dated(prices)}",
    )
    for price in prices:
        half = None if price.dollars is None else price.dollars / 2
        table.add_row(
            price.model,
            _thinking(price),
            _dollars(price.dollars),
            _dollars(half),
            last_day(price.ends).rpartition(", ")[2],
        )
    return table


def _dated(prices: list[Estimate]) -> str:
    """When the list prices were looked up."""
    days = sorted(price.date for price in prices if price.date[:1].isdigit())
    return f", at list prices of {days[0]} to {days[-1]}" if days else ""


def _thinking(estimate: Estimate) -> str:
    """The effort, and the tokens per answer that it is assumed to take."""
    tokens = f"{estimate.thinking:,}" if estimate.thinking else ""
    return ": ".join(filter(None, (estimate.effort, tokens)))


def last_day(day: str) -> str:
    """A model's last day, and whether it is over."""
    return f"{day}, over" if day and date.fromisoformat(day) <= date.today() else day


def show_spent(rows: list[Calls]) -> None:
    """What the ledger holds, by task and model."""
    console = PlainConsole()
    if not rows:
        return console.print("Nothing has been spent yet: no chat model has been asked.")
    headings = ("attempts", "no answer", "tokens in", "cached", "tokens out", "dollars", "seconds")
    table = WholeTable(
        name_column("task"), name_column("model"), *map(number_column, headings), title="Spent"
    )
    for row in rows:
        unanswered = row.calls - row.outcomes.get("answered", 0)
        tokens = (row.input_tokens, row.cached_tokens, row.output_tokens)
        figures = (f"{number:,}" for number in (row.calls, unanswered, *tokens))
        table.add_row(row.task, row.model, *figures, _dollars(row.dollars), f"{row.seconds:,.0f}")
    show_table(table)
    console.print(_total(rows), style="bold")


def _total(rows: list[Calls]) -> str:
    known = [row.dollars for row in rows if row.dollars is not None]
    unknown = sum(row.calls for row in rows if row.dollars is None)
    attempts = f"{sum(row.calls for row in rows):,} attempts"
    if not known:
        return f"{attempts} of unknown price"
    without = f", without {unknown:,} of unknown price" if unknown else ""
    return f"{attempts}, {_dollars(sum(known))} in all{without}"


def _dollars(value: float | None) -> str:
    return "unknown" if value is None else f"${value:,.4f}" if 0 < value < 0.1 else f"${value:,.2f}"
