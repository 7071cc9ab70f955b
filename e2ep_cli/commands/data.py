"""`e2ep data`: list, add, import and check data sets."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from stages.core.errors import InputError, one_sentence

app = typer.Typer(no_args_is_help=True, help="List, add, import and check data sets.")

Root = Annotated[Path | None, typer.Option(help="Folder of the data sets.", hidden=True)]
Replace = Annotated[
    bool, typer.Option("--replace", help="Put the new set in the place of one of that name.")
]


@app.command("list")
@one_sentence
def list_sets(root: Root = None) -> None:
    """Show the data sets that are here or can be had."""
    from rich.console import Console
    from rich.table import Table

    from stages.data.listing import list_datasets

    table = Table("name", "what it is", "where it lies", "how to get it")
    for line in list_datasets(_data(root)):
        table.add_row(line.name, line.description, line.place, line.way)
    Console().print(table)


@app.command()
@one_sentence
def add(
    name: Annotated[str, typer.Argument(help="ml-100k, ml-1m or ml-latest-small.")],
    origin: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="PATH|URL", help="Archive or folder, else the official download."
        ),
    ] = None,
    companions: Annotated[
        list[Path] | None,
        typer.Option("--with", metavar="FILE", help="Further table to lie beside it; repeatable."),
    ] = None,
    track: Annotated[
        bool, typer.Option("--track", help="Version the set with `dvc add` too.")
    ] = False,
    replace: Replace = False,
    root: Root = None,
) -> None:
    """Add a MovieLens set, checked file by file."""
    from stages.data.add import AddRequest, add_set
    from stages.data.track import require_dvc
    from stages.data.track import track as track_set

    if track:
        require_dvc()
    added = add_set(AddRequest(name, origin, tuple(companions or ()), replace), _data(root))
    state = "was there already, the same" if added.already else "added"
    typer.echo(
        f"{added.folder}: {state} · {added.manifest.counts} · verified: {added.manifest.verified}"
    )
    _print_notes(added.notes)
    if track:
        typer.echo(f"versioned by {track_set(added.folder)}; commit that file to keep it")


@app.command("import")
@one_sentence
def import_files(
    name: Annotated[str, typer.Argument(help="Name of the new set: small letters, digits and -.")],
    ratings: Annotated[Path, typer.Option(help="CSV with a line a rating.")],
    items: Annotated[Path, typer.Option(help="CSV with a line an item.")],
    users: Annotated[Path | None, typer.Option(help="CSV with a line a user.")] = None,
    columns: Annotated[
        str,
        typer.Option(
            metavar="KEY=COLUMN,…",
            help="Columns whose names are not the usual: user=…,item=…,title=…",
        ),
    ] = "",
    scale: Annotated[
        str | None, typer.Option(metavar="MIN-MAX", help="Scale of the ratings, else 1-5.")
    ] = None,
    positive_at: Annotated[
        float | None, typer.Option(help="Rating from which an item is liked, else 4 of 5.")
    ] = None,
    implicit: Annotated[
        bool, typer.Option("--implicit", help="There is no rating: a line says that it was used.")
    ] = False,
    duplicates: Annotated[
        Literal["refuse", "last"],
        typer.Option(help="A pair rated twice is refused, or its last line counts."),
    ] = "refuse",
    replace: Replace = False,
    root: Root = None,
) -> None:
    """Take your own CSV files in as a data set."""
    from stages.data.formats.own import Own
    from stages.data.imports import import_own
    from stages.data.sheets.columns import parse_columns
    from stages.data.sheets.meaning import parse_meaning

    meaning = parse_meaning(scale, positive_at, implicit, keep_last=duplicates == "last")
    own = Own(ratings, items, users, parse_columns(columns))
    added = import_own(name, own, meaning, replace, _data(root))
    typer.echo(f"{added.folder}: imported · {added.manifest.counts}")
    _print_notes(added.notes)


@app.command()
@one_sentence
def check(
    name: Annotated[str | None, typer.Argument(help="Data set, else all of them.")] = None,
    root: Root = None,
) -> None:
    """Prove checksums and content of what lies in data/."""
    from rich.console import Console
    from rich.table import Table

    from stages.data.check import check as check_set
    from stages.data.check import present

    folder = _data(root)
    findings = [check_set(folder / one) for one in ([name] if name else present(folder))]
    if not findings:
        raise InputError(
            f"{folder} holds no data set; `dvc pull data.dvc` gets the sample, `e2ep data list` shows others"
        )
    for finding in findings:
        table = Table("", finding.name)
        for fact, value in finding.rows.items():
            table.add_row(fact, value)
        Console().print(table)
    faults = [finding.fault for finding in findings if finding.fault]
    if faults:
        raise InputError("; ".join(faults))


def _data(given: Path | None) -> Path:
    """The folder given, else data/ of the project."""
    from e2ep_cli.project.places import root

    return given or root() / "data"


def _print_notes(notes: tuple[str, ...]) -> None:
    for note in notes:
        typer.echo(f"note: {note}")
