"""The answers that the cache keeps, looked at from outside: exported for a replay, listed, deleted."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from stages.core.errors import InputError, MissingError
from stages.llm.store.cache import answers

CHUNK = 500
"""Keys a statement; SQLite takes no more than 999 in old builds."""
GROUPS = (
    "SELECT kind, model, count(*), min(at), max(at) FROM {table} WHERE {where} GROUP BY kind, model"
)


@dataclass(frozen=True)
class Which:
    """Answers by age, model and kind of task; what is not said is not asked for."""

    before: float | None = None
    """Answered before this time, in seconds since 1970; answers of unknown age are older than any."""
    model: str | None = None
    """How its name begins: servers answer under longer names, such as gpt-4o-mini-2024-07-18."""
    task: str | None = None

    def sql(self) -> tuple[str, list[object]]:
        """A condition and its values. A repair belongs to the task that it repairs."""
        parts: list[tuple[str, list[object]]] = []
        if self.before is not None:
            parts.append(("coalesce(at, 0) < ?", [self.before]))
        if self.model is not None:
            parts.append(("substr(model, 1, ?) = ?", [len(self.model), self.model]))
        if self.task is not None:
            parts.append(("kind IN (?, ?)", [self.task, f"{self.task}-repair"]))
        return " AND ".join(text for text, _ in parts) or "1", [
            value for _, values in parts for value in values
        ]


@dataclass(frozen=True)
class Group:
    """The answers to one kind of task by one model; times in seconds since 1970, None where unknown."""

    task: str
    model: str
    answers: int
    oldest: float | None
    newest: float | None


@contextmanager
def _database(file: Path) -> Iterator[sqlite3.Connection]:
    if not file.exists():
        raise MissingError(f"{file} is not there: no answer of a chat model was kept yet")
    database = answers(file)
    try:
        yield database
    finally:
        database.close()


def exported(file: Path, keys: Collection[str]) -> list[str]:
    """A JSON line {"asked", "reply"} for each key, as `replay` reads them; a key that is missing is a MissingError."""
    found: dict[str, str] = {}
    wanted = sorted(keys)
    with _database(file) as database:
        for table in ("unanswered", "replies"):
            for start in range(0, len(wanted), CHUNK):
                part = wanted[start : start + CHUNK]
                sql = f"SELECT key, asked, reply FROM {table} WHERE key IN ({','.join('?' * len(part))})"
                for key, asked, reply in database.execute(sql, part):
                    found[key] = json.dumps(
                        {"asked": json.loads(asked), "reply": json.loads(reply)}, ensure_ascii=False
                    )
    if missing := len(wanted) - len(found):
        raise MissingError(
            f"{missing:,} of {len(wanted):,} answers are no longer in {file}; run the pipeline again with the same "
            "provider and then export"
        )
    return [found[key] for key in wanted]


def groups(file: Path, which: Which) -> list[Group]:
    """How many answers there are of each kind and model, refusals and failures among them."""
    where, values = which.sql()
    with _database(file) as database:
        rows = [
            row
            for table in ("replies", "unanswered")
            for row in database.execute(_sql(table, where), values)
        ]
    found: dict[tuple[str, str], Group] = {}
    for task, model, count, oldest, newest in rows:
        before = found.get((task, model), Group(task, model, 0, None, None))
        times = [
            time for time in (before.oldest, before.newest, oldest, newest) if time is not None
        ]
        edges = (min(times), max(times)) if times else (None, None)
        found[task, model] = Group(task, model, before.answers + count, *edges)
    return [found[pair] for pair in sorted(found)]


def prune(file: Path, which: Which) -> int:
    """Delete these answers and give the room back; how many there were."""
    where, values = which.sql()
    with _database(file) as database:
        deleted = sum(
            database.execute(f"DELETE FROM {table} WHERE {where}", values).rowcount
            for table in ("replies", "unanswered")
        )
        with suppress(InputError):  # a run is using the file: the room comes back another time
            database.execute("VACUUM")
    return deleted


def _sql(table: str, where: str) -> str:
    return GROUPS.format(table=table, where=where)
