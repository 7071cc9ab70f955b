"""`e2ep cost`: what a run will ask and cost with each model, and what has been spent."""

import json
import signal
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from e2ep_cli.commands.run import Dataset, Settings
from stages.core.errors import one_sentence

if TYPE_CHECKING:
    from e2ep_cli.project.asked import Step
    from stages.contracts.calls import Calls
    from stages.llm.params import LlmParams
    from stages.llm.prices.estimate import Estimate

HOME = " (at home)"


@one_sentence
def cost(
    dataset: Dataset = None,
    settings: Settings = None,
    hours: Annotated[
        float | None, typer.Option(min=0, help="Count what was spent in so many hours, else all.")
    ] = None,
    spent_only: Annotated[
        bool, typer.Option("--spent", help="Show what was spent alone, without an estimate.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Estimate the calls, tokens and dollars of a run for each model before it is made; show what was spent."""
    from e2ep_cli.project.spending import spent
    from e2ep_cli.views.costs import show_estimate, show_spent

    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM)
    )  # so that what was rehearsed is removed
    ledger = spent(hours)
    if spent_only:
        return _print_json({"spent": _rows(ledger)}) if as_json else show_spent(ledger)
    counted, prices = _estimated(dataset, settings or [])
    if as_json:
        asked = {step: _rows(rows) for step, rows in counted.items()}
        models = [vars(one) | {"dollars": one.dollars} for one in prices]
        return _print_json({"estimate": asked, "models": models, "spent": _rows(ledger)})
    show_estimate(counted, prices)
    show_spent(ledger)


def _estimated(
    dataset: str | None, settings: list[str]
) -> "tuple[dict[str, list[Calls]], list[Estimate]]":
    """Step → its calls, and what they cost with each model; what stays at home costs nothing."""
    from e2ep_cli.project.checking import check_params
    from e2ep_cli.project.overrides import changed_params, parsed
    from e2ep_cli.project.places import root
    from e2ep_cli.project.rehearsal import rehearsed
    from stages.data.read import require_folder
    from stages.llm.params import LlmParams
    from stages.llm.prices.estimate import estimates

    changes = parsed(settings) | ({"dataset": dataset} if dataset else {})
    params = changed_params(root(), changes)
    check_params(params)
    require_folder(root() / "data" / str(params["dataset"]))
    llm = LlmParams.model_validate(params["llm"] or {})
    counted = {
        f"{step.name}{_home(step, llm)}": list(asked.calls) for step, asked in rehearsed(params)
    }
    paid = {step: [] if step.endswith(HOME) else rows for step, rows in counted.items()}
    return counted, estimates(paid, llm.model, llm.prices)


def _home(step: "Step", llm: "LlmParams") -> str:
    return "" if llm.users is None or step.stage == "profile-items" else HOME


def _rows(rows: "list[Calls]") -> list[dict[str, Any]]:
    return [row.model_dump(mode="json") for row in rows]


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
