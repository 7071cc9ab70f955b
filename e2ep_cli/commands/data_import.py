"""`e2ep data import`: a data set from a person's own files."""

import dataclasses
from pathlib import Path
from typing import Annotated, Literal

import typer

from e2ep_cli.options import DataFolderOption, EncodingOption, ReplaceOption
from e2ep_cli.project.places import data_folder
from e2ep_cli.views.datasets import print_notes
from stages.core.errors import one_sentence
from stages.data.formats.own import Own
from stages.data.imports import import_own
from stages.data.sheets.columns import parse_columns
from stages.data.sheets.forms.encoded import check_encoding
from stages.data.sheets.meaning import parse_meaning
from stages.data.sheets.nothing import parse_nothing


@one_sentence
def data_import_command(
    name: Annotated[
        str, typer.Argument(help="Name of the new set: lower-case letters, digits and -.")
    ],
    ratings: Annotated[
        Path,
        typer.Option(
            help="File with one row per rating: CSV, TSV, JSON lines, Parquet; packed or not."
        ),
    ],
    items: Annotated[Path, typer.Option(help="The same with one row per item.")],
    users: Annotated[Path | None, typer.Option(help="The same with one row per user.")] = None,
    columns: Annotated[
        str,
        typer.Option(
            metavar="KEY=COLUMN,…",
            help="Columns whose names are not recognised: user=…,item=…,title=…; "
            "year= leaves one out; in a file without a header by place: user=1,item=2,….",
        ),
    ] = "",
    scale: Annotated[
        str | None, typer.Option(metavar="MIN-MAX", help="Scale of the ratings; default: 1-5.")
    ] = None,
    positive_at: Annotated[
        float | None,
        typer.Option(help="Lowest rating that counts as liked; default: 4 on the scale 1-5."),
    ] = None,
    implicit: Annotated[
        bool,
        typer.Option(
            "--implicit", help="There are no ratings: each line says that a user used an item."
        ),
    ] = False,
    duplicates: Annotated[
        Literal["refuse", "last"],
        typer.Option(
            help="If a user rated an item twice: refuse the file, or keep the last rating, "
            "by time where there are times."
        ),
    ] = "refuse",
    encoding: EncodingOption = None,
    nothing: Annotated[
        str,
        typer.Option(
            metavar="[KEY=]VALUE,…",
            help="Values that stand for none, beside NULL, nan, unknown and the like: "
            "rating=0,age=99; without KEY, everywhere but in ids and titles.",
        ),
    ] = "",
    unknown_items: Annotated[
        Literal["refuse", "drop"],
        typer.Option(
            help="If ratings are of items that ITEMS lacks: refuse the file, or drop these ratings."
        ),
    ] = "refuse",
    skip_faults: Annotated[
        bool,
        typer.Option(
            "--skip-faults", help="Leave out every row that would be refused, and say how many."
        ),
    ] = False,
    replace: ReplaceOption = False,
    folder: DataFolderOption = None,
) -> None:
    """Import your own files as a data set."""
    meaning = parse_meaning(scale, positive_at, implicit, keep_last=duplicates == "last")
    meaning = dataclasses.replace(
        meaning,
        nothing=parse_nothing(nothing),
        drop_unknown=unknown_items == "drop",
        skip_faults=skip_faults,
    )
    own = Own(ratings, items, users, parse_columns(columns), encoding and check_encoding(encoding))
    added = import_own(name, own, meaning, replace, folder or data_folder())
    typer.echo(f"{added.folder}: imported · {added.manifest.counts}")
    print_notes(added.notes)
