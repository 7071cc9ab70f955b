"""Options that several commands have."""

import os
from pathlib import Path
from typing import Annotated

import typer

from stages.core.spread import ADDRESS, GRAPH_WORKERS, graph_workers

DatasetOption = Annotated[
    str | None, typer.Option("--dataset", help="Data set; default: the one in params.yaml.")
]
SplitOption = Annotated[
    str | None, typer.Option("--split", help="Split; default: the first in params.yaml.")
]
ListSplitOption = Annotated[
    str | None,
    typer.Option(
        "--split",
        help="Split whose lists are shown; default: next, which is fitted on all ratings, if shown "
        "lists it, else the first of splits.",
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE|@FILE",
        help="Parameter of a run of its own, or a file of them; repeatable.",
    ),
]
RunOption = Annotated[
    str | None,
    typer.Option("--run", metavar="NAME", help="Name of a run, as `e2ep run --list` shows it."),
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS|auto",
        help="Ray cluster to fit models on; default: the one in RAY_ADDRESS, else this machine.",
    ),
]
GraphWorkersOption = Annotated[
    int | None,
    typer.Option(
        "--graph-workers",
        min=1,
        help="Workers of the cluster that train one graph of e2ep together; default: 1, as many "
        "graphs at once as there is room for.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DataFolderOption = Annotated[
    Path | None, typer.Option("--root", help="Folder of the data sets.", hidden=True)
]
EncodingOption = Annotated[
    str | None,
    typer.Option(help="Encoding of files that are not UTF-8, such as latin-1 or cp1252."),
]
ReplaceOption = Annotated[
    bool, typer.Option("--replace", help="Replace an existing data set of that name.")
]


def use_cluster(address: str | None, workers: int | None = None) -> None:
    """Let this command, and all stages that it starts, spread work over a cluster.

    workers: how many train one graph; an InputError if there is no cluster.
    """
    if address:
        os.environ[ADDRESS] = address
    if workers:
        os.environ[GRAPH_WORKERS] = str(workers)
    graph_workers()
