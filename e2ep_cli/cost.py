"""`e2ep cost`: what a run will ask and cost with each model, and what has been spent."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from e2ep_cli.pipeline import Dataset, Settings
from stages.core.errors import one_sentence

if TYPE_CHECKING:
    from e2ep_cli.asked import Step
    from stages.core.calls import Calls
    from stages.llm.estimate import Estimate
    from stages.llm.params import LlmParams

NOTE = (
    "At most about that much, since the tokens are counted on the safe side; retries, repairs and prompt prefixes that "
    "the provider has cached are not counted. Answers already kept cost nothing again, "
    "nor do the steps that llm.users keeps at home."
)


@one_sentence
def cost(
    dataset: Dataset = None,
    settings: Settings = None,
    hours: Annotated[float | None, typer.Option(min=0, help="Count what was spent in so many hours, else all.")] = None,
    spent_only: Annotated[
        bool, typer.Option("--spent", help="Show what was spent alone, without an estimate.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Estimate the calls, tokens and dollars of a run for each model before it is made; show what was spent."""
    from e2ep_cli.spending import spent

    ledger = spent(hours)
    if spent_only:
        return _print_json({"spent": _rows(ledger)}) if as_json else _show_spent(ledger)
    counted, prices = _estimated(dataset, settings or [])
    if as_json:
        asked = {step: _rows(rows) for step, rows in counted.items()}
        _print_json({"estimate": asked, "models": [vars(one) for one in prices], "spent": _rows(ledger)})
        return
    _show_estimate(counted, prices)
    _show_spent(ledger)


def _estimated(dataset: str | None, settings: list[str]) -> "tuple[dict[str, list[Calls]], list[Estimate]]":
    from e2ep_cli.checking import check_params
    from e2ep_cli.overrides import changed_params, parsed
    from e2ep_cli.project import root
    from e2ep_cli.rehearsal import rehearsed
    from stages.llm.estimate import estimates
    from stages.llm.params import LlmParams

    changes = parsed(settings) | ({"dataset": dataset} if dataset else {})
    params = changed_params(root(), changes)
    check_params(params)
    llm = LlmParams.model_validate(params["llm"] or {})
    steps = list(rehearsed(params))
    paid = [row for step, asked in steps for row in asked.calls if llm.users is None or step.stage == "profile-items"]
    counted = {f"{step.name}{_home(step, llm)}": list(asked.calls) for step, asked in steps}
    return counted, estimates(paid, llm.model, llm.prices)


def _home(step: "Step", llm: "LlmParams") -> str:
    return "" if llm.users is None or step.stage == "profile-items" else " (at home)"


def _show_estimate(counted: "dict[str, list[Calls]]", prices: "list[Estimate]") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    table = Table(
        "step", "task", *_right("calls", "tokens in", "tokens out"), title="A run would ask", title_justify="left"
    )
    for step, rows in counted.items():
        for row in rows:
            table.add_row(step, row.task, f"{row.calls:,}", f"{row.input_tokens:,}", f"{row.output_tokens:,}")
    every = [row for rows in counted.values() for row in rows]
    sums = (sum(getattr(row, name) for row in every) for name in ("calls", "input_tokens", "output_tokens"))
    table.add_section()
    table.add_row("all", "", *(f"{total:,}" for total in sums))
    console.print(table)
    models = Table(
        "model", *_right("dollars", "in batch mode"), "list price of", "model ends", title="With", title_justify="left"
    )
    for one in prices:
        models.add_row(one.model, _dollars(one.online), _dollars(one.batch), one.date, one.ends)
    console.print(models)
    console.print(NOTE, style="dim")


def _show_spent(rows: "list[Calls]") -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if not rows:
        return console.print("\nNothing was spent yet: no chat model has been asked.")
    headings = _right("attempts", "no answer", "tokens in", "of them cached", "tokens out", "dollars", "seconds")
    table = Table("task", "model", *headings, title="Spent", title_justify="left")
    for row in rows:
        table.add_row(row.task, row.model, *_spent_cells(row))
    console.print(table)
    total = sum(row.dollars or 0 for row in rows)
    console.print(f"{sum(row.calls for row in rows):,} attempts, {_dollars(total)} in all", style="bold")


def _spent_cells(row: "Calls") -> list[str]:
    without = row.calls - row.outcomes.get("answered", 0)
    numbers = (row.calls, without, row.input_tokens, row.cached_tokens, row.output_tokens)
    return [*(f"{number:,}" for number in numbers), _dollars(row.dollars), f"{row.seconds:,.0f}"]


def _dollars(value: float | None) -> str:
    return "unknown" if value is None else f"${value:,.4f}" if 0 < value < 0.1 else f"${value:,.2f}"


def _right(*names: str) -> list[Any]:
    from rich.table import Column

    return [Column(name, justify="right") for name in names]


def _rows(rows: "list[Calls]") -> list[dict[str, Any]]:
    return [row.model_dump(mode="json") for row in rows]


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
