"""`e2ep data remove`: a data set deleted, what was made from it kept."""

from pathlib import Path
from typing import Annotated

import typer

from e2ep_cli.options import DataFolderOption
from e2ep_cli.project.datasets import left_behind
from e2ep_cli.project.places import data_folder
from stages.core.errors import InputError, one_sentence
from stages.data.remove import removable, remove_set


@one_sentence
def data_remove_command(
    name: Annotated[str, typer.Argument(help="The data set; not the sample.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    folder: DataFolderOption = None,
) -> None:
    """Remove a data set; its runs and the answers paid for stay.

    What was downloaded or imported has to be downloaded or imported again.
    """
    place = removable(name, (folder or data_folder()).absolute())
    shown = f"{place.parent.name}/{name}"
    if not (yes or _confirmed(shown, place)):
        typer.echo(f"{shown} stays")
        return
    remove_set(place)
    typer.echo(f"{shown}: removed")
    for line in left_behind(place.parent.parent, name):
        typer.echo(line)


def _confirmed(shown: str, place: Path) -> bool:
    sizes = [path.stat().st_size for path in place.rglob("*") if path.is_file()]
    try:
        return typer.confirm(f"remove {shown} ({len(sizes)} files, {sum(sizes) / 1e6:.1f} MB)?")
    except typer.Abort as error:
        typer.echo()
        raise InputError(f"nobody answered, so {shown} stays; add --yes to remove it") from error
