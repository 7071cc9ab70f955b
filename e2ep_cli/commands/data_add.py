"""`e2ep data add`: a published data set, downloaded or from a local archive or folder."""

from pathlib import Path
from typing import Annotated

import typer

from e2ep_cli.options import DataFolderOption, ReplaceOption
from e2ep_cli.project.places import data_folder
from e2ep_cli.views.datasets import print_notes
from stages.core.errors import one_sentence
from stages.data.add import AddRequest, add_set
from stages.data.registry.entries import REGISTRY
from stages.data.track import require_dvc, track


@one_sentence
def data_add_command(
    name: Annotated[str, typer.Argument(help=f"One of {', '.join(REGISTRY)}.")],
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
    replace: ReplaceOption = False,
    folder: DataFolderOption = None,
) -> None:
    """Add a published data set, checked file by file."""
    if with_dvc:
        require_dvc()
    request = AddRequest(name, origin, tuple(companions or ()), replace)
    added = add_set(request, folder or data_folder())
    state = "was here already, unchanged" if added.already else "added"
    counts, verified = added.manifest.counts, added.manifest.verified
    typer.echo(f"{added.folder}: {state} · {counts} · verified: {verified}")
    print_notes(added.notes)
    if with_dvc:
        typer.echo(f"versioned by {track(added.folder)}; commit that file to keep it")
