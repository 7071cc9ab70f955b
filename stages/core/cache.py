"""The folder of what outlives a run: answers that were paid for, the ledger, records of fits."""

import os
from pathlib import Path

from stages.core.errors import InputError


def cache_folder(project: Path | None = None) -> Path:
    """E2EP_CACHE_DIR, else `.cache/` of the main checkout, also in a queued experiment.

    project: the checkout's root where that is not the working directory.
    """
    root = (
        os.environ.get("E2EP_CACHE_DIR")
        or Path(os.environ.get("DVC_ROOT") or project or Path.cwd()) / ".cache"
    )
    folder = Path(root).expanduser()
    if folder.exists() and not folder.is_dir():
        raise InputError(
            f"the cache cannot be in {folder}, which is not a folder; set E2EP_CACHE_DIR to one"
        )
    return folder
