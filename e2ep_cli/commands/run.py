"""`e2ep run`: the whole pipeline, through DVC, which keeps dvc.lock and cache correct."""

from typing import Annotated

import typer

from e2ep_cli.options import (
    ClusterOption,
    DatasetOption,
    GraphWorkersOption,
    RunOption,
    SetOption,
    use_cluster,
)
from e2ep_cli.project.places import root
from e2ep_cli.runs.alone import working_alone
from e2ep_cli.runs.published import published_numbers
from e2ep_cli.runs.publishing import publish, require_publishable
from e2ep_cli.runs.run import all_runs, named_run, remove_run
from e2ep_cli.runs.running import asked_run, run_stages
from e2ep_cli.views.headline import show_headline
from e2ep_cli.views.made_runs import show_published, show_runs
from stages.core.errors import InputError, one_sentence


@one_sentence
def run_command(
    dataset: DatasetOption = None,
    settings: SetOption = None,
    run: RunOption = None,
    cluster: ClusterOption = None,
    graph_workers: GraphWorkersOption = None,
    published: Annotated[
        bool,
        typer.Option("--publish", help="Then copy its numbers to metrics/, which Git versions."),
    ] = False,
    beside: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="With --publish: to metrics/DATASET/NAME/, beside other numbers."
        ),
    ] = None,
    only_list: Annotated[
        bool,
        typer.Option("--list", help="Show the runs that were made, and what of metrics/ is stale."),
    ] = False,
    remove: Annotated[
        str | None,
        typer.Option(
            "--remove", metavar="NAME", help="Delete a run: its artifacts, numbers and report."
        ),
    ] = None,
) -> None:
    """Run the pipeline on any data set, skipping what is up to date.

    Without options this is `dvc repro`. With --dataset or --set the run gets a folder of its own,
    runs/NAME, and everything else stays as it is. The same command continues one that was stopped.
    """
    if [
        only_list,
        remove is not None,
        bool(dataset or settings or run or cluster or graph_workers or published),
    ].count(True) > 1:
        raise InputError("--list and --remove NAME stand alone; leave out the other options")
    if beside is not None and not published:
        raise InputError(f"--beside {beside} says where --publish copies to; add --publish")
    if only_list:
        show_runs(all_runs(root()))
        show_published(published_numbers(root()))
    elif remove is not None:
        made = named_run(root(), remove)
        with working_alone(made):
            removed = remove_run(root(), remove)
        typer.echo(f"runs/{removed.name}: removed; DVC's cache keeps what it had made")
    else:
        use_cluster(cluster, graph_workers)
        asked = asked_run(dataset, settings or [], run)
        if published:
            require_publishable(asked, beside)
        run_stages([], asked)
        show_headline(asked.folder, asked.params)
        if published:
            typer.echo(publish(asked, beside))
