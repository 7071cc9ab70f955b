"""Removing data/NAME: only what `e2ep data add` or `e2ep data import` can bring back."""

import os
import shutil
from pathlib import Path

from stages.core.errors import InputError
from stages.core.spelling import suggestion
from stages.data.read import present
from stages.data.registry.entries import SAMPLE


def removable(name: str, root: Path) -> Path:
    """The folder of a data set that may go; an InputError if it must stay or is not there."""
    folder = root / name
    if name == SAMPLE:
        raise InputError("the sample belongs to the project and stays, as its tests need it")
    if name not in present(root):
        sets = [other for other in present(root) if other != SAMPLE]
        raise InputError(
            f"there is no {root.name}/{name}, so nothing was removed; {suggestion(name, sets)}"
        )
    tracked = f"{root.name}/{name}.dvc"
    if (root / f"{name}.dvc").exists():
        raise InputError(
            f"{root.name}/{name} is versioned by {tracked}; run `dvc remove {tracked}` first, "
            "then remove it again"
        )
    return folder


def remove_set(folder: Path) -> None:
    """Delete a data set's folder, which is gone from its place at once; a link goes alone."""
    if folder.is_symlink():
        folder.unlink()
        return
    going = folder.with_name(f".{folder.name}.removed-{os.getpid()}")
    folder.rename(going)
    shutil.rmtree(going)
