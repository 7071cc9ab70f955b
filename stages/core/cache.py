"""The folder of what outlives a run, and SQLite files in it: answers, the ledger, vectors, films.

Databases use WAL, commit at once, and are safe for many processes.
"""

import os
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stages.core.errors import InputError

_PAUSES = (0.02,) * 500


def cache_folder(project: Path | None = None) -> Path:
    """E2EP_CACHE_DIR, else `.cache/` of the main checkout, also in a queued experiment.

    project: the checkout's root, if that is not the working directory.
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


def opened(file: Path, tables: Sequence[str]) -> sqlite3.Connection:
    """The database, with these tables created if they are missing; an InputError if unusable.

    synchronous=NORMAL syncs at checkpoints only: a kill loses nothing that was committed, a power
    cut at most the last few rows.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        database = sqlite3.connect(file, timeout=60, isolation_level=None, factory=Guarded)
        _switch_to_wal(database)
        database.execute("PRAGMA synchronous=NORMAL")
        for table in tables:
            database.execute(table)
    except sqlite3.Error as error:
        raise unusable(error) from error
    return database


def unusable(error: sqlite3.Error) -> InputError:
    """One sentence for anything that SQLite reports: another layout, a full disk, a broken file."""
    return InputError(
        f"the cache in {cache_folder()} cannot be used: {error}; make room there, move it "
        "away or set E2EP_CACHE_DIR"
    )


class Guarded(sqlite3.Connection):
    """A connection whose errors are InputErrors."""

    def execute(self, *asked: Any) -> sqlite3.Cursor:
        try:
            return super().execute(*asked)
        except sqlite3.Error as error:
            raise unusable(error) from error

    def executemany(self, *asked: Any) -> sqlite3.Cursor:
        try:
            return super().executemany(*asked)
        except sqlite3.Error as error:
            raise unusable(error) from error


def _switch_to_wal(database: sqlite3.Connection) -> None:
    """Try until no other process is switching the same new file; SQLite's timeout ignores this."""
    for pause in _PAUSES:
        try:
            sqlite3.Connection.execute(database, "PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        time.sleep(pause)
    raise sqlite3.OperationalError("the cache stays locked by another process")
