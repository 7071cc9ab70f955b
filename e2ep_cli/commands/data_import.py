"""`e2ep data import`: a data set from a person's own CSV files."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from e2ep_cli.options import DataFolderOption, ReplaceOption
from e2ep_cli.project.places import data_folder
from e2ep_cli.views.datasets import print_notes
from stages.core.errors import one_sentence
from stages.data.formats.own import Own
from stages.data.imports import import_own
from stages.data.sheets.columns import parse_columns
from stages.data.sheets.meaning import parse_meaning


@one_sentence
def data_import_command(
    name: Annotated[
        str, typer.Argument(help="Name of the new set: lower-case letters, digits and -.")
    ],
    ratings: Annotated[Path, typer.Option(help="CSV with a line per rating.")],
    items: Annotated[Path, typer.Option(help="CSV with a line per item.")],
    users: Annotated[Path | None, typer.Option(help="CSV with a line per user.")] = None,
    columns: Annotated[
        str,
        typer.Option(
            metavar="KEY=COLUMN,…",
            help="Columns with names that are not recognized: user=…,item=…,title=…",
        ),
    ] = "",
    scale: Annotated[
        str | None, typer.Option(metavar="MIN-MAX", help="Scale of the ratings, else 1-5.")
    ] = None,
    positive_at: Annotated[
        float | None,
        typer.Option(help="Lowest rating of an item that the user likes, else 4 of 5."),
    ] = None,
    implicit: Annotated[
        bool,
        typer.Option("--implicit", help="There are no ratings: each line says the item was used."),
    ] = False,
    duplicates: Annotated[
        Literal["refuse", "last"],
        typer.Option(help="Whether an item rated twice is refused or its last rating counts."),
    ] = "refuse",
    replace: ReplaceOption = False,
    folder: DataFolderOption = None,
) -> None:
    """Import your own CSV files as a data set."""
    meaning = parse_meaning(scale, positive_at, implicit, keep_last=duplicates == "last")
    own = Own(ratings, items, users, parse_columns(columns))
    added = import_own(name, own, meaning, replace, folder or data_folder())
    typer.echo(f"{added.folder}: imported · {added.manifest.counts}")
    print_notes(added.notes)
