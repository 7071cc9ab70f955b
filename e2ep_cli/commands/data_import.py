"""`e2ep data import`: a data set from a person's own files."""

import dataclasses
from pathlib import Path
from typing import Annotated, Literal

import typer

from e2ep_cli.options import DataFolderOption, EncodingOption, JsonOption, ReplaceOption
from e2ep_cli.project.places import data_folder
from e2ep_cli.views.datasets import print_notes
from e2ep_cli.views.understood import import_as_json, show_understood
from stages.contracts.understood import COLUMN_KEYS
from stages.core.errors import one_sentence
from stages.data.columns.columns import parse_columns
from stages.data.files.encoded import check_encoding
from stages.data.formats.own import Own
from stages.data.imports import read_import, write_import
from stages.data.manifest import counted
from stages.data.sheets.meaning import parse_meaning
from stages.data.sheets.nothing import parse_nothing
from stages.data.wording import parse_words

_FILES = "Your files"
_READING = "How they are read"
_MEANING = "What they mean"
_ROWS = "Rows that do not fit"
_KEYS = ", ".join(f"{key} ({meaning})" for key, meaning in COLUMN_KEYS.items())


@one_sentence
def data_import_command(
    name: Annotated[
        str, typer.Argument(help="Name of the new set: lower-case letters, digits and -.")
    ],
    ratings: Annotated[
        Path,
        typer.Option(
            help="File of ratings: CSV, TSV, JSON lines or Parquet; packed or not.",
            rich_help_panel=_FILES,
        ),
    ],
    items: Annotated[
        Path | None,
        typer.Option(
            help="File with a row per item. Without it, titles are the ids.",
            rich_help_panel=_FILES,
        ),
    ] = None,
    users: Annotated[
        Path | None, typer.Option(help="File with a row per user.", rich_help_panel=_FILES)
    ] = None,
    test: Annotated[
        Path | None,
        typer.Option(
            help="Ratings to test on. Those of --ratings are then for training (split `given`).",
            rich_help_panel=_FILES,
        ),
    ] = None,
    valid: Annotated[
        Path | None,
        typer.Option(help="Ratings to choose settings on, with --test.", rich_help_panel=_FILES),
    ] = None,
    form: Annotated[
        Literal["table", "adjacency", "sequence", "matrix"] | None,
        typer.Option(
            metavar="FORM",
            help="What a line of ratings is. table: one rating; adjacency: a user, then their "
            "items; sequence: the same in order of time; matrix: a user, then a rating per item. "
            "Default: seen from the file.",
            rich_help_panel=_READING,
        ),
    ] = None,
    columns: Annotated[
        str,
        typer.Option(
            metavar="KEY=COLUMN,…",
            help="Columns that are not recognised: user=reader,item=isbn. `year=` leaves one out. "
            "Without a header, by place: user=1,item=2. "
            f"The keys: {_KEYS}.",
            rich_help_panel=_READING,
        ),
    ] = "",
    encoding: EncodingOption = None,
    scale: Annotated[
        str | None,
        typer.Option(
            metavar="MIN-MAX", help="Scale of the ratings. Default: 1-5.", rich_help_panel=_MEANING
        ),
    ] = None,
    positive_at: Annotated[
        float | None,
        typer.Option(
            help="Lowest rating that counts as liked. Default: 4 on the scale 1-5.",
            rich_help_panel=_MEANING,
        ),
    ] = None,
    implicit: Annotated[
        bool,
        typer.Option(
            "--implicit",
            help="There are no ratings: each line says that a user used an item.",
            rich_help_panel=_MEANING,
        ),
    ] = False,
    item_name: Annotated[
        str | None,
        typer.Option(
            metavar="ONE[/MANY]",
            help="What an item is called: film, book, product …; foot/feet where the plural has no "
            "s. Default: item.",
            rich_help_panel=_MEANING,
        ),
    ] = None,
    verb: Annotated[
        str | None,
        typer.Option(
            help="What people do with items: rate, buy, play, click, read, watch or use. "
            "Default: rate; use with --implicit.",
            rich_help_panel=_MEANING,
        ),
    ] = None,
    nothing: Annotated[
        str,
        typer.Option(
            metavar="[KEY=]VALUE,…",
            help="Values that stand for none, beside NULL, nan, unknown and the like: "
            "rating=0,age=99. Without KEY, in all columns but ids and titles.",
            rich_help_panel=_ROWS,
        ),
    ] = "",
    duplicates: Annotated[
        Literal["refuse", "last"],
        typer.Option(
            help="If a user rated an item twice: refuse the file, or keep the last rating, "
            "by time where there are times.",
            rich_help_panel=_ROWS,
        ),
    ] = "refuse",
    unknown_items: Annotated[
        Literal["refuse", "drop"],
        typer.Option(
            help="If ratings are of items that --items lacks: refuse the file, or drop these "
            "ratings.",
            rich_help_panel=_ROWS,
        ),
    ] = "refuse",
    skip_faults: Annotated[
        bool,
        typer.Option(
            "--skip-faults",
            help="Leave out every row that would be refused, and say how many.",
            rich_help_panel=_ROWS,
        ),
    ] = False,
    replace: ReplaceOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what is understood, and write nothing.")
    ] = False,
    as_json: JsonOption = False,
    folder: DataFolderOption = None,
) -> None:
    """Import your own files as a data set.

    What is understood of them is shown before anything is written.
    """
    meaning = parse_meaning(scale, positive_at, implicit, keep_last=duplicates == "last")
    meaning = dataclasses.replace(
        meaning,
        nothing=parse_nothing(nothing),
        drop_unknown=unknown_items == "drop",
        skip_faults=skip_faults,
    )
    words = parse_words(item_name, verb, implicit)
    encoded = None if encoding is None else check_encoding(encoding)
    own = Own(ratings, items, users, parse_columns(columns), encoded, form, valid, test, words)
    imported = read_import(name, own, meaning, replace, folder or data_folder())
    if not as_json:
        show_understood(imported.data)
    if not dry_run:
        write_import(imported)
    if as_json:
        typer.echo(import_as_json(imported, written=not dry_run))
        return
    said = imported.data.words  # not those asked for: lists are implicit without --implicit
    counts = counted(imported.data).in_words(said.rows, said.items)
    state = "nothing written (--dry-run)" if dry_run else "imported"
    typer.echo(f"{imported.target}: {state} · {counts}")
    print_notes(imported.notes)
