"""Folders that params.yaml no longer names; DVC would still count them as dependencies."""

import shutil
from collections.abc import Sequence
from pathlib import Path


def prune(folder: Path, levels: Sequence[tuple[str, ...]]) -> None:
    """Delete the folders that `levels[0]` does not name, and recurse into those that it does."""
    if not levels or not folder.is_dir():
        return
    for child in sorted(path for path in folder.iterdir() if path.is_dir()):
        if child.name in levels[0]:
            prune(child, levels[1:])
        elif child.is_symlink():
            child.unlink()
        else:
            shutil.rmtree(child)
