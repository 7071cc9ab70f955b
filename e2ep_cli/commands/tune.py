"""`e2ep tune`: search a model's settings on validation rows, with a record to continue from."""

import shlex
import time
from typing import Annotated

import typer

from e2ep_cli.options import ClusterOption, DatasetOption, RunOption, SplitOption, use_cluster
from e2ep_cli.project.places import looked_up, root
from e2ep_cli.project.searches import search_of
from e2ep_cli.runs.run import Run, find_run
from e2ep_cli.runs.words import as_options
from e2ep_cli.views.trials import show_trials, show_winner
from stages.contracts.splits import NEXT, known_split
from stages.core.errors import one_sentence
from stages.core.files import write_text
from stages.core.spread import is_on_cluster, slots
from stages.core.text import read_text
from stages.train.params import common_params
from stages.train.searching.trials import (
    CURRENT,
    Trial,
    as_csv,
    best_first,
    drawn_trials,
    from_csv,
)
from stages.train.searching.winner import needed_changes


@one_sentence
def tune_command(
    model: Annotated[
        str, typer.Argument(help="A model with a search space in experiments/search.yaml.")
    ],
    dataset: DatasetOption = None,
    split: SplitOption = None,
    run: RunOption = None,
    trials: Annotated[
        int | None,
        typer.Option(min=1, help="Number of trials; default: the budget of its search space."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, help="Trials at once; default: 1, or as many as the cluster has room for."
        ),
    ] = None,
    cluster: ClusterOption = None,
    hours: Annotated[
        float | None,
        typer.Option(
            min=0.001,
            help="Begin no trial after this long, earlier runs included; default: its own.",
        ),
    ] = None,
) -> None:
    """Search for the best settings of a model on validation rows.

    Test rows are not read. A search that was stopped continues where it stopped. With several
    trials at once, each is drawn without the results of those beside it.
    """
    made = find_run(root(), dataset, run, {})
    use_cluster(cluster)
    on = known_split(split or looked_up(made.params, "splits")[0])
    place = root() / "experiments/search" / made.dataset / on / f"{model}.csv"
    search = search_of(model, made, on)
    done = from_csv(read_text(place), place) if place.exists() else []
    budget = trials or search.space.trials
    most_hours = hours or search.space.hours
    recorded = len(drawn_trials(done))
    if recorded >= budget:
        typer.echo(f"the record has {recorded} trials already; --trials {recorded + 1} tries more")
    elif recorded:
        typer.echo(f"the record has {recorded} of {budget} trials; the search continues")
    seconds = most_hours and most_hours * 3600
    threads = common_params(made.params).threads
    at_once = workers or (slots(threads) if is_on_cluster() else 1)
    trials_made = (
        search.run_at_once(done, budget, at_once, threads, seconds)
        if at_once > 1 or is_on_cluster()
        else search.run(done, budget, time.perf_counter, seconds)
    )
    for trial in trials_made:
        done = sorted([*done, trial], key=lambda each: (each.trial == CURRENT, each.trial))
        write_text(place, as_csv(done))
        _echo(trial, f" ({len(drawn_trials(done))} of {budget})")
    if (left := budget - len(drawn_trials(done))) > 0:
        typer.echo(f"stopped after {most_hours:g} h, {left} trials short; --hours gives more")
    section = looked_up(made.params, "train").get(model) or {}
    current = search.current(done, section, time.perf_counter)
    if current not in done:
        done = [*drawn_trials(done), current]
        write_text(place, as_csv(done))
        _echo(current, " settings")
    show_trials(done, f"{model} on {made.dataset}, {on}")
    best = best_first(done)[0]
    changes = needed_changes(
        f"train.{model}", section, search.config(current.parameters), search.config(best.parameters)
    )
    show_winner(best, current, changes, _run_of(model, made, on))
    typer.echo(f"record: {place}")


def _echo(trial: Trial, which: str) -> None:
    seconds = f"{trial.seconds:.1f} s"
    said = f"trial {trial.name}" if trial.trial != CURRENT else trial.name
    typer.echo(f"{said}{which}: NDCG@10 {trial.ndcg:.4f} on valid · {seconds}")


def _run_of(model: str, run: Run, split: str) -> list[str]:
    """The words of the command that runs a model on a split with the settings of a run."""
    own, words = run.params, ["e2ep", "run", *shlex.split(as_options(run.settings))]
    if split not in (*own["splits"], NEXT):
        words += ["--set", f"splits=[{split}]"]
    if model not in own["models"]:
        words += ["--set", f"models=[{','.join((*own['models'], model))}]"]
    return words
