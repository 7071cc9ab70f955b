"""Which question was sent in which batch, so that a restarted run waits for it.

The notes are kept in SQLite next to the cache.
"""

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stages.core.cache import opened
from stages.llm.chat import ChatModel

_TABLES = (
    "CREATE TABLE IF NOT EXISTS batches "
    "(name TEXT PRIMARY KEY, id TEXT, provider TEXT, model TEXT, at REAL) STRICT",
    "CREATE TABLE IF NOT EXISTS questions (key TEXT PRIMARY KEY, batch TEXT) STRICT",
    "CREATE INDEX IF NOT EXISTS questions_batch ON questions (batch)",
)
_KEPT_DAYS = 30
"""How long OpenAI keeps the files of a batch if nobody deletes them."""
_BATCH_OF = "SELECT name, id, at FROM batches JOIN questions ON batch = name WHERE key = ?"
_DROP_EMPTY = "DELETE FROM batches WHERE NOT EXISTS (SELECT 1 FROM questions WHERE batch = name)"


@dataclass(frozen=True)
class NotedBatch:
    """A batch that was sent or about to be.

    It has a name of ours, the service's id once known, and the time (Unix).
    """

    name: str
    id: str | None
    at: float


class Notes:
    """The file. A batch is noted before it is created, so that a kill leaves none untracked."""

    def __init__(self, file: Path, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self._database = opened(file, _TABLES)
        oldest = now() - _KEPT_DAYS * 86400
        self._database.execute("DELETE FROM batches WHERE at < ?", (oldest,))
        self._database.execute(
            "DELETE FROM questions WHERE batch NOT IN (SELECT name FROM batches)"
        )

    def batch_of(self, key: str) -> NotedBatch | None:
        """The batch in which a question was sent, if its answer has not been read yet."""
        row = self._database.execute(_BATCH_OF, (key,)).fetchone()
        return NotedBatch(*row) if row else None

    def intend(self, model: ChatModel, keys: Iterable[str]) -> NotedBatch:
        """Note a batch that is about to be created, under a unique name."""
        at, keys = self.now(), sorted(keys)
        name = "e2ep-" + hashlib.sha256(repr((at, keys)).encode()).hexdigest()[:32]
        with _Transaction(self._database):
            row = (name, model.provider, model.model, at)
            self._database.execute("INSERT INTO batches VALUES (?, NULL, ?, ?, ?)", row)
            rows = [(key, name) for key in keys]
            self._database.executemany("INSERT OR REPLACE INTO questions VALUES (?, ?)", rows)
            self._database.execute(_DROP_EMPTY)
        return NotedBatch(name, None, at)

    def confirm(self, name: str, batch: str) -> None:
        """Note that the batch was created, with the service's id."""
        self._database.execute("UPDATE batches SET id = ? WHERE name = ?", (batch, name))

    def forget(self, keys: Sequence[str]) -> None:
        """Drop questions, and the batches that have none left."""
        with _Transaction(self._database):
            self._database.executemany(
                "DELETE FROM questions WHERE key = ?", [(key,) for key in keys]
            )
            self._database.execute(_DROP_EMPTY)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


class _Transaction:
    """A transaction: all or nothing; otherwise the connection commits each statement."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database

    def __enter__(self) -> None:
        self.database.execute("BEGIN IMMEDIATE")

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        self.database.execute("COMMIT" if error is None else "ROLLBACK")
