"""`e2ep data add`: a published data set, downloaded or from a local archive or folder."""

from pathlib import Path
from typing import Annotated

import typer

from e2ep_cli.options import DataFolderOption, ReplaceOption
from e2ep_cli.project.places import data_folder
from e2ep_cli.views.datasets import print_notes, show_terms
from stages.core.errors import InputError, one_sentence
from stages.data.add import AddRequest, add_set
from stages.data.registry.entries import RegistryEntry, find_entry
from stages.data.registry.fetch import require_origin
from stages.data.track import require_dvc, track


@one_sentence
def data_add_command(
    name: Annotated[str, typer.Argument(help="Its name, as `e2ep data list` shows it.")],
    origin: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="PATH|URL", help="Archive or folder; default: the official download."
        ),
    ] = None,
    companions: Annotated[
        list[Path] | None,
        typer.Option(
            "--with", metavar="FILE", help="Another table to keep next to it; repeatable."
        ),
    ] = None,
    with_dvc: Annotated[
        bool, typer.Option("--track", help="Version the set with `dvc add` too.")
    ] = False,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept-terms", "--yes", help="Accept the publisher's terms without asking."
        ),
    ] = False,
    replace: ReplaceOption = False,
    folder: DataFolderOption = None,
) -> None:
    """Add a published data set, checked file by file."""
    if with_dvc:
        require_dvc()
    entry, place = find_entry(name), folder or data_folder()
    require_origin(origin, entry)
    is_new = replace or not (place / name).is_dir()
    if is_new:
        show_terms(entry)
    agreed = accept or not (entry.asks and is_new) or _agreed(entry)
    request = AddRequest(name, origin, tuple(companions or ()), replace, agreed)
    added = add_set(request, place)
    state = "was here already, unchanged" if added.already else "added"
    words, verified = entry.its_words, added.manifest.verified
    counts = added.manifest.counts.in_words(words.rows, words.items)
    typer.echo(f"{added.folder}: {state} · {counts} · verified: {verified}")
    print_notes(added.notes)
    if with_dvc:
        typer.echo(f"versioned by {track(added.folder)}; commit that file to keep it")


def _agreed(entry: RegistryEntry) -> bool:
    """Whether the person says yes; an InputError if they say no, or if nobody is there to ask."""
    try:
        agreed = typer.confirm("do you accept these terms?")
    except typer.Abort as error:
        typer.echo()
        raise InputError(
            f"nobody answered, so nothing of {entry.name} was fetched; if you accept its terms, "
            "add --accept-terms"
        ) from error
    if not agreed:
        raise InputError(f"the terms were not accepted, so nothing of {entry.name} was fetched")
    return agreed
