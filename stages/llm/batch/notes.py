"""Which questions were sent in which batch, in SQLite beside the cache, so that a restarted run waits for them."""

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stages.llm.chat import ChatModel
from stages.llm.store.database import opened

TABLES = (
    "CREATE TABLE IF NOT EXISTS batches (name TEXT PRIMARY KEY, id TEXT, provider TEXT, model TEXT, at REAL) STRICT",
    "CREATE TABLE IF NOT EXISTS questions (key TEXT PRIMARY KEY, batch TEXT) STRICT",
    "CREATE INDEX IF NOT EXISTS questions_batch ON questions (batch)",
)
KEPT_DAYS = 30
"""OpenAI keeps the files of a batch so long, if nobody deletes them."""
OF = "SELECT name, id, at FROM batches JOIN questions ON batch = name WHERE key = ?"
EMPTY = "DELETE FROM batches WHERE NOT EXISTS (SELECT 1 FROM questions WHERE batch = name)"


@dataclass(frozen=True)
class Noted:
    """A batch that was sent or was about to be: our name for it, the service's id once known, and when (Unix time)."""

    name: str
    id: str | None
    at: float


class Notes:
    """The file. A batch is noted before it is created, so that a kill at any moment leaves none that nobody knows."""

    def __init__(self, file: Path, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self._database = opened(file, TABLES)
        self._database.execute("DELETE FROM batches WHERE at < ?", (now() - KEPT_DAYS * 86400,))
        self._database.execute(
            "DELETE FROM questions WHERE batch NOT IN (SELECT name FROM batches)"
        )

    def of(self, key: str) -> Noted | None:
        """The batch in which a question was sent and not read yet."""
        row = self._database.execute(OF, (key,)).fetchone()
        return Noted(*row) if row else None

    def intended(self, model: ChatModel, keys: Iterable[str]) -> Noted:
        """Note a batch that is about to be created, under a name that no other has."""
        at, keys = self.now(), sorted(keys)
        name = "e2ep-" + hashlib.sha256(repr((at, keys)).encode()).hexdigest()[:32]
        with _Transaction(self._database):
            row = (name, model.provider, model.model, at)
            self._database.execute("INSERT INTO batches VALUES (?, NULL, ?, ?, ?)", row)
            rows = [(key, name) for key in keys]
            self._database.executemany("INSERT OR REPLACE INTO questions VALUES (?, ?)", rows)
            self._database.execute(EMPTY)
        return Noted(name, None, at)

    def created(self, name: str, batch: str) -> None:
        """Note the service's id."""
        self._database.execute("UPDATE batches SET id = ? WHERE name = ?", (batch, name))

    def forget(self, keys: Sequence[str]) -> None:
        """Drop questions, and the batches that have none left."""
        with _Transaction(self._database):
            self._database.executemany(
                "DELETE FROM questions WHERE key = ?", [(key,) for key in keys]
            )
            self._database.execute(EMPTY)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


class _Transaction:
    """All or nothing; the connection itself commits each statement."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database

    def __enter__(self) -> None:
        self.database.execute("BEGIN IMMEDIATE")

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        self.database.execute("COMMIT" if error is None else "ROLLBACK")
