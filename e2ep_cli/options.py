"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer

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
