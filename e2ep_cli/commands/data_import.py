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
from stages.data.wording import parse_words


@one_sentence
def data_import_command(
    name: Annotated[
        str, typer.Argument(help="Name of the new set: lower-case letters, digits and -.")
    ],
    ratings: Annotated[
        Path, typer.Option(help="File with one line per rating, or of the form that --form says.")
    ],
    items: Annotated[
        Path | None,
        typer.Option(help="CSV file with one line per item; without it, titles are the ids."),
    ] = None,
    users: Annotated[Path | None, typer.Option(help="CSV file with one line per user.")] = None,
    valid: Annotated[
        Path | None, typer.Option(help="Ratings to choose settings on, where --test is given.")
    ] = None,
    test: Annotated[
        Path | None,
        typer.Option(help="Ratings to test on; --ratings are then for training (split `given`)."),
    ] = None,
    form: Annotated[
        Literal["table", "adjacency", "sequence", "matrix"] | None,
        typer.Option(
            help="How ratings are written: one a line; a user a line, then their items, in any "
            "order or by time; or users × items. Default: seen from the file."
        ),
    ] = None,
    columns: Annotated[
        str,
        typer.Option(
            metavar="KEY=COLUMN,…",
            help="Columns whose names are not recognised: user=…,item=…,title=…; "
            "year= leaves one out.",
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
    item_name: Annotated[
        str | None,
        typer.Option(
            metavar="ONE[/MANY]",
            help="What an item is called: film, book, product …; foot/feet where the plural has no "
            "s. Default: item.",
        ),
    ] = None,
    verb: Annotated[
        str | None,
        typer.Option(
            help="What people do with the items: rate, buy, play, click, read, watch or use. "
            "Default: rate; use with --implicit."
        ),
    ] = None,
    replace: ReplaceOption = False,
    folder: DataFolderOption = None,
) -> None:
    """Import your own files as a data set."""
    meaning = parse_meaning(scale, positive_at, implicit, keep_last=duplicates == "last")
    words = parse_words(item_name, verb, implicit)
    own = Own(ratings, items, users, parse_columns(columns), words, form, valid, test)
    added = import_own(name, own, meaning, replace, folder or data_folder())
    typer.echo(
        f"{added.folder}: imported · {added.manifest.counts.in_words(words.rows, words.items)}"
    )
    print_notes(added.notes)
