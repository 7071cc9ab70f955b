"""`e2ep ablate`: named sets of overrides as DVC experiments, and what each one is worth against the run without them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from e2ep_cli.commands.run import Dataset
from stages.core.errors import InputError, one_sentence

if TYPE_CHECKING:
    from e2ep_cli.ablating.entries import Ablation
    from e2ep_cli.ablating.experiments import Seconds
    from e2ep_cli.ablating.outcome import AblationOutcome
    from e2ep_cli.ablating.plan import Plan


@one_sentence
def ablate(
    names: Annotated[
        list[str] | None, typer.Argument(help="Ablations, else all that cost nothing.")
    ] = None,
    dataset: Dataset = None,
    splits: Annotated[
        list[str] | None,
        typer.Option("--split", help="Split, repeatable, else those in params.yaml."),
    ] = None,
    queued: Annotated[
        bool, typer.Option("--queue", help="Leave them to the workers of `dvc queue start`.")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="Show what there is.")] = False,
) -> None:
    """Run the ablations of experiments/ablations.yaml and compare each with the run without it; params.yaml stays as it is."""
    from e2ep_cli.ablating.entries import base_of, chosen, load
    from e2ep_cli.ablating.experiments import finished
    from e2ep_cli.ablating.outcome import outcome
    from e2ep_cli.ablating.plan import planned
    from e2ep_cli.project.overrides import recover
    from e2ep_cli.project.places import params_for, root
    from stages.data.read import require_folder

    folder = root()
    ablations = load(folder)
    if listed:
        return _list(ablations)
    taken = chosen(ablations, names or [])
    recover(folder)
    name = params_for(dataset)["dataset"]
    require_folder(folder / "data" / name)
    wanted = ({"dataset": dataset} if dataset else {}) | ({"splits": splits} if splits else {})
    plans = [planned(folder, one, wanted) for one in (base_of(taken), *taken)]
    seen = _queue(folder, plans) if queued else _run(folder, plans)
    results = [(plan, finished(folder, plan)) for plan in plans]
    _show(folder, [outcome(folder, plan, revision) for plan, revision in results if revision], seen)
    _require_all([plan.ablation.name for plan, revision in results if not revision], queued)


def _run(folder: Path, plans: "list[Plan]") -> "dict[str, Seconds]":
    """Run what has no result yet, going on where one fails; ablation → the training that was seen."""
    from rich.console import Console

    from e2ep_cli.ablating.experiments import finished, run_experiment

    seen: dict[str, Seconds] = {}
    for number, plan in enumerate(plans, 1):
        name, asks = plan.ablation.name, plan.ablation.entry.asks
        Console(highlight=False).print(
            f"[dim]{number}/{len(plans)}[/] [bold]{name}[/]: {asks}", soft_wrap=True
        )
        if not finished(folder, plan):
            code, seen[name] = run_experiment(folder, plan)
            if code > 1:
                raise SystemExit(code)
    return seen


def _queue(folder: Path, plans: "list[Plan]") -> "dict[str, Seconds]":
    """Queue what neither has a result nor waits already; ablation → the training that workers showed."""
    from e2ep_cli.ablating.experiments import finished, queue_experiment, queue_of

    there = queue_of(folder)
    for plan in plans:
        if plan.experiment in there.waiting or finished(folder, plan):
            continue
        if plan.experiment in there.failed:
            typer.echo(
                f"{plan.ablation.name} failed before, see `dvc queue logs {plan.experiment}`; it is queued again"
            )
        if code := queue_experiment(folder, plan):
            raise SystemExit(code)
    return {plan.ablation.name: there.seen.get(plan.experiment, {}) for plan in plans}


def _require_all(unfinished: list[str], queued: bool) -> None:
    """Say what is still to come; without a queue, an InputError."""
    names = ", ".join(unfinished)
    if unfinished and not queued:
        raise InputError(
            f"{names} did not come to an end, for the reason above; the same command goes on from here"
        )
    if unfinished:
        typer.echo(
            f"queued: {names}; `dvc queue start` works on them, and the same command shows what is done"
        )


def _show(folder: Path, outcomes: "list[AblationOutcome]", seen: "dict[str, Seconds]") -> None:
    """Measure what is done, print it and keep it as CSV; nothing where the base run is not among it."""
    from e2ep_cli.ablating.entries import BASE
    from e2ep_cli.ablating.record import kept
    from e2ep_cli.ablating.rows import rows_of
    from e2ep_cli.ablating.table import show
    from stages.evaluate.statistics.resampling import Resampling

    base = next((one for one in outcomes if one.plan.ablation.name == BASE), None)
    if base is None:
        return
    params = base.plan.params
    resampling = Resampling(params["evaluate"]["resamples"], params["seed"])
    rows = [
        row
        for one in outcomes
        for row in rows_of(one, base, seen.get(one.plan.ablation.name, {}), resampling)
    ]
    show(kept(folder, str(params["dataset"]), rows))


def _list(ablations: "list[Ablation]") -> None:
    from rich.console import Console

    from e2ep_cli.ablating.table import ablations_table

    Console(highlight=False).print(ablations_table(ablations))
