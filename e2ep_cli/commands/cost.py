"""`e2ep cost`: what a run will ask and cost with each model, and what has been spent."""

import json
import signal
import sys
from typing import Annotated, Any

import typer

from e2ep_cli.options import DatasetOption, JsonOption, SetOption
from e2ep_cli.project.checking import check_params
from e2ep_cli.project.overrides import changed_params
from e2ep_cli.project.rehearsal import rehearsed
from e2ep_cli.project.spending import spent
from e2ep_cli.runs.run import find_run
from e2ep_cli.runs.running import asked_run
from e2ep_cli.views.costs import calls_as_json, show_estimate, show_spent
from stages.contracts.calls import Calls
from stages.core.errors import one_sentence
from stages.data.read import require_folder
from stages.llm.params import WITHOUT_SERVER, LlmParams
from stages.llm.prices.estimate import Estimate, estimates
from stages.rerank.reasons import REASONS

_LOCAL, _RERANKER = " (local)", " (reranker)"
"""Mark questions that stay on this machine, and those that `llm.judge` answers: neither has a price
per token of a chat model."""


@one_sentence
def cost_command(
    dataset: DatasetOption = None,
    settings: SetOption = None,
    hours: Annotated[
        float | None,
        typer.Option(min=0, metavar="HOURS", help="Show only what was spent in the last HOURS."),
    ] = None,
    spent_only: Annotated[
        bool, typer.Option("--spent", help="Show only what was spent, without an estimate.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Estimate what a run costs with each model; show what was spent.

    The estimate counts calls, tokens and dollars without asking any model. It needs a finished run
    with the offline rules.
    """
    # This removes the temporary folder of the rehearsal.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    ledger = spent(hours)
    shown: dict[str, Any] = {"spent": calls_as_json(ledger)}
    if not spent_only:
        counted, prices = _estimated(dataset, settings or [])
        if as_json:
            steps = {step: calls_as_json(rows) for step, rows in counted.items()}
            models = [vars(model) | {"dollars": model.dollars} for model in prices]
            shown = {"estimate": steps, "models": models, **shown}
        else:
            show_estimate(counted, prices)
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        show_spent(ledger)


def _estimated(
    dataset: str | None, settings: list[str]
) -> tuple[dict[str, list[Calls]], list[Estimate]]:
    """Step → its calls, and what they cost with each model; local steps cost nothing."""
    run = asked_run(dataset, settings)
    params = changed_params(run.project, run.settings)
    check_params(params)
    require_folder(run.project / "data" / str(params["dataset"]))
    if not (run.folder / "artifacts").is_dir():
        run = find_run(run.project, str(params["dataset"]), None, {})
    llm = LlmParams.model_validate(params["llm"] or {})
    counted: dict[str, list[Calls]] = {}
    for step, asked in rehearsed(run.folder, params):
        for row in asked.calls:
            mark = ""
            if llm.judge and step.stage == "rerank" and row.task != REASONS:
                mark = _RERANKER
            elif llm.users and step.stage != "profile-items":
                mark = _LOCAL
            counted.setdefault(f"{step.name}{mark}", []).append(row)
    paid = {
        step: [] if step.endswith((_LOCAL, _RERANKER)) else rows for step, rows in counted.items()
    }
    model = llm.model if llm.provider in WITHOUT_SERVER else llm.needed_model
    return counted, estimates(paid, model, llm.prices, llm.effort)
