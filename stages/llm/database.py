"""SQLite files in the cache folder: WAL, committed at once, safe for many processes."""

import os
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from stages.core.errors import InputError

PAUSES = (0.02,) * 500


def cache_folder(project: Path | None = None) -> Path:
    """E2EP_CACHE_DIR, else `.cache/` of the main checkout, also from a queued or temporary experiment.

    project: the checkout's root where that is not the working directory.
    """
    root = os.environ.get("E2EP_CACHE_DIR") or Path(os.environ.get("DVC_ROOT") or project or Path.cwd()) / ".cache"
    return Path(root)


def opened(file: Path, tables: Sequence[str]) -> sqlite3.Connection:
    """The database, with these tables made where it is new; an unusable one is an InputError.

    NORMAL syncs at checkpoints alone: a kill loses nothing that was committed, a power cut at most the last rows.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        database = sqlite3.connect(file, timeout=60, isolation_level=None)
        _switch_to_wal(database)
        database.execute("PRAGMA synchronous=NORMAL")
        for table in tables:
            database.execute(table)
    except sqlite3.Error as error:
        raise InputError(
            f"the answer cache {file} cannot be used: {error}; move it away or set E2EP_CACHE_DIR"
        ) from error
    return database


def _switch_to_wal(database: sqlite3.Connection) -> None:
    """Try again while another process switches the same new file: for this statement SQLite ignores its timeout."""
    for pause in PAUSES:
        try:
            database.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        time.sleep(pause)
    raise sqlite3.OperationalError("the cache stays locked by another process")
