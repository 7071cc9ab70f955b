"""The answers in the cache as a whole: exported for a replay, counted, deleted."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from stages.core.errors import InputError, MissingError
from stages.llm.store.cache import KNOWN, UNANSWERED, open_answers

_KEYS_AT_ONCE = 500
"""Keys per statement; old builds of SQLite take no more than 999."""


@dataclass(frozen=True)
class AnswerFilter:
    """Answers by age, model and kind of task; None means any."""

    before: float | None = None
    """Answered before this time, in seconds since 1970; answers of unknown age are the oldest."""
    model: str | None = None
    """How the model's name begins: servers use longer ones, such as gpt-4o-mini-2024-07-18."""
    task: str | None = None

    def sql(self) -> tuple[str, list[object]]:
        """A condition and its values; a repair belongs to the task that it repairs."""
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
class AnswerCount:
    """The answers of one model to one kind of task; times since 1970 in seconds, if known."""

    task: str
    model: str
    answers: int
    oldest: float | None
    newest: float | None


@contextmanager
def _database(file: Path) -> Iterator[sqlite3.Connection]:
    if not file.exists():
        raise MissingError(f"{file} is not there: no answer of a chat model has been kept yet")
    database = open_answers(file)
    try:
        yield database
    finally:
        database.close()


def export_answers(file: Path, keys: Collection[str]) -> list[str]:
    """One JSON line {"asked", "reply"} per key, as `replay` reads them.

    A key without an answer is a MissingError.
    """
    lines: dict[str, str] = {}
    wanted = sorted(keys)
    with _database(file) as database:
        for table in (UNANSWERED, KNOWN):
            for start in range(0, len(wanted), _KEYS_AT_ONCE):
                part = wanted[start : start + _KEYS_AT_ONCE]
                marks = ",".join("?" * len(part))
                sql = f"SELECT key, asked, reply FROM {table} WHERE key IN ({marks})"
                for key, asked, reply in database.execute(sql, part):
                    line = {"asked": json.loads(asked), "reply": json.loads(reply)}
                    lines[key] = json.dumps(line, ensure_ascii=False)
    if missing := len(wanted) - len(lines):
        raise MissingError(
            f"{missing:,} of {len(wanted):,} answers are no longer in {file}; run the pipeline "
            "again with the same provider, then export"
        )
    return [lines[key] for key in wanted]


def count_answers(file: Path, which: AnswerFilter) -> list[AnswerCount]:
    """The answers of each kind and model, refusals and failures included."""
    where, values = which.sql()
    tables = " UNION ALL ".join(
        f"SELECT kind, model, at FROM {table} WHERE {where}" for table in (KNOWN, UNANSWERED)
    )
    sql = (
        f"SELECT kind, model, count(*), min(at), max(at) FROM ({tables}) "
        "GROUP BY kind, model ORDER BY kind, model"
    )
    with _database(file) as database:
        return [AnswerCount(*row) for row in database.execute(sql, values * 2)]


def delete_answers(file: Path, which: AnswerFilter) -> int:
    """Delete these answers, free their space and return how many there were."""
    where, values = which.sql()
    with _database(file) as database:
        deleted = sum(
            database.execute(f"DELETE FROM {table} WHERE {where}", values).rowcount
            for table in (KNOWN, UNANSWERED)
        )
        with suppress(InputError):  # a run is using the file: the space is freed another time
            database.execute("VACUUM")
    return deleted
