"""Options that several commands have."""

import os
from pathlib import Path
from typing import Annotated

import typer

from stages.core.spread import ADDRESS

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


def use_cluster(address: str | None) -> None:
    """Let this command, and all stages that it starts, spread work over a cluster."""
    if address:
        os.environ[ADDRESS] = address
