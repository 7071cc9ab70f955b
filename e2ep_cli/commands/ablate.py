"""`e2ep ablate`: named overrides as DVC experiments, each compared with the base run."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from e2ep_cli.ablating.ahead import fit_experiment_ahead
from e2ep_cli.ablating.entries import BASE, base_of, chosen, load
from e2ep_cli.ablating.experiments import (
    Seconds,
    finished,
    queue_experiment,
    queue_of,
    run_experiment,
)
from e2ep_cli.ablating.outcome import AblationOutcome, outcome
from e2ep_cli.ablating.plan import Plan, planned
from e2ep_cli.ablating.record import kept
from e2ep_cli.ablating.rows import rows_of
from e2ep_cli.ablating.table import ablations_table, show
from e2ep_cli.console import PlainConsole
from e2ep_cli.options import ClusterOption, DatasetOption, SetOption, use_cluster
from e2ep_cli.project.llm_ready import require_llms_ready
from e2ep_cli.project.overrides import parsed_settings
from e2ep_cli.project.places import root
from e2ep_cli.runs.run import main_run
from e2ep_cli.views.tables import show_table
from stages.core.errors import E2epError, InputError, one_sentence
from stages.core.log import aside
from stages.core.spread import is_on_cluster, slots
from stages.data.read import require_folder
from stages.evaluate.statistics.resampling import Resampling
from stages.train.params import common_params


@one_sentence
def ablate_command(
    names: Annotated[
        list[str] | None, typer.Argument(help="Ablations; default: all that cost nothing.")
    ] = None,
    dataset: DatasetOption = None,
    splits: Annotated[
        list[str] | None,
        typer.Option("--split", help="Split; repeatable; default: those in params.yaml."),
    ] = None,
    settings: SetOption = None,
    cluster: ClusterOption = None,
    queued: Annotated[
        bool, typer.Option("--queue", help="Leave them to the workers of `dvc queue start`.")
    ] = False,
    only_list: Annotated[
        bool, typer.Option("--list", help="Show the ablations without running them.")
    ] = False,
) -> None:
    """Run ablations and compare each with the run without it.

    They are named in experiments/ablations.yaml. params.yaml is left unchanged.
    """
    folder = root()
    ablations = load(folder)
    if only_list:
        show_table(ablations_table(ablations))
        return
    if queued and cluster:
        raise InputError("--queue leaves fits to the workers of DVC; leave out --cluster")
    taken = chosen(ablations, names or [])
    options = parsed_settings(settings or [])
    options |= ({"dataset": dataset} if dataset else {}) | ({"splits": splits} if splits else {})
    require_folder(folder / "data" / str(options.get("dataset", main_run(folder).dataset)))
    plans = [planned(folder, ablation, options) for ablation in (base_of(taken), *taken)]
    unmade = (plan.params for plan in plans if not finished(folder, plan))
    for note in require_llms_ready(folder, unmade):
        aside(f"note: {note}")
    use_cluster(cluster)
    if is_on_cluster() and not queued:
        slots(common_params(plans[0].params).threads)
    seconds = _queue(folder, plans) if queued else _run(folder, plans)
    results = [(plan, finished(folder, plan)) for plan in plans]
    _show(
        folder,
        [outcome(folder, plan, revision) for plan, revision in results if revision],
        seconds,
    )
    unfinished = ", ".join(plan.ablation.name for plan, revision in results if not revision)
    if unfinished and not queued:
        raise InputError(
            f"{unfinished} did not finish, for the reason above; the same command continues there"
        )
    if unfinished:
        typer.echo(
            f"queued: {unfinished}; `dvc queue start` works on them, "
            "and the same command shows what is done"
        )


def _run(folder: Path, plans: list[Plan]) -> dict[str, Seconds]:
    """Run what has no result yet, even if one fails; returns ablation → seconds of training."""
    seconds: dict[str, Seconds] = {}
    for number, plan in enumerate(plans, 1):
        name, asks = plan.ablation.name, plan.ablation.entry.asks
        place = (f"{number}/{len(plans)} ", "dim")
        PlainConsole().print(Text.assemble(place, (name, "bold"), f": {asks}"), soft_wrap=True)
        if not finished(folder, plan):
            ahead = _ahead(folder, plan) if is_on_cluster() else {}
            code, own = run_experiment(folder, plan)
            seconds[name] = ahead | own
            if code > 1:
                raise SystemExit(code)
    return seconds


def _ahead(folder: Path, plan: Plan) -> Seconds:
    """Fit on the cluster; what cannot be fitted fails in the experiment too, and not the others."""
    try:
        return fit_experiment_ahead(folder, plan)
    except E2epError as error:
        aside(f"{plan.ablation.name}: {error}")
        return {}


def _queue(folder: Path, plans: list[Plan]) -> dict[str, Seconds]:
    """Queue what is neither done nor waiting; returns ablation → seconds that workers reported."""
    there = queue_of(folder)
    for plan in plans:
        if plan.experiment in there.waiting or finished(folder, plan):
            continue
        if plan.experiment in there.failed:
            typer.echo(
                f"{plan.ablation.name} failed before, see `dvc queue logs {plan.experiment}`; "
                "it is queued again"
            )
        if code := queue_experiment(folder, plan):
            raise SystemExit(code)
    return {plan.ablation.name: there.seen.get(plan.experiment, {}) for plan in plans}


def _show(folder: Path, outcomes: list[AblationOutcome], seconds: dict[str, Seconds]) -> None:
    """Measure what is done, print it and store it as CSV; does nothing without the base run."""
    base = next((result for result in outcomes if result.plan.ablation.name == BASE), None)
    if base is None:
        return
    params = base.plan.params
    resampling = Resampling(params["evaluate"]["resamples"], params["seed"])
    rows = [
        row
        for result in outcomes
        for row in rows_of(result, base, seconds.get(result.plan.ablation.name, {}), resampling)
    ]
    show(kept(folder, str(params["dataset"]), rows))
