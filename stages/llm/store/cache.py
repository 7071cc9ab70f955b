"""Answers kept in SQLite (WAL) as JSON. Never pickle."""

import hashlib
import json
import os
import sqlite3
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from stages.core.cache import opened
from stages.core.errors import InputError
from stages.llm.answers.schema import schema_text
from stages.llm.answers.structured import parse
from stages.llm.chat import ChatModel, Reply
from stages.llm.task import Task

KNOWN, UNANSWERED = "replies", "unanswered"
"""The tables of answers, and of replies that are no answer but evidence of what was said."""
_MISSED = (
    "CREATE TABLE IF NOT EXISTS missed (run TEXT, key TEXT, at REAL, PRIMARY KEY (run, key)) STRICT"
)
"""The questions without an answer of each run."""
_KEPT_SECONDS = 30 * 86400.0


def open_answers(file: Path) -> sqlite3.Connection:
    """The cache's file; a file of an older version gets the column that it lacks."""
    columns = "key TEXT PRIMARY KEY, kind TEXT, model TEXT, asked TEXT, reply TEXT, at REAL"
    tables = (KNOWN, UNANSWERED)
    made = [f"CREATE TABLE IF NOT EXISTS {table} ({columns}) STRICT" for table in tables]
    database = opened(file, [*made, _MISSED])
    for table in tables:
        if "at" not in {row[1] for row in database.execute(f"PRAGMA table_info({table})")}:
            with suppress(InputError):  # another process has just added it
                database.execute(f"ALTER TABLE {table} ADD COLUMN at REAL")
    return database


def cache_key(model: ChatModel, task: Task) -> str:
    """A digest of provider, model, messages in order, settings and answer schema."""
    asked = {
        "provider": model.provider,
        "model": model.model,
        "settings": model.settings,
        "messages": task.plain_messages(),
        "schema": json.loads(schema_text(task.answer)),
    }
    return hashlib.sha256(
        json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()


class AnswerCache:
    """Replies by cache key; each is committed at once.

    A run is one command: `e2ep` leaves its number in E2EP_RUN for all its steps.
    """

    def __init__(self, file: Path, now: Callable[[], float] = time.time) -> None:
        self.file, self.now = file, now
        self.run = os.environ.get("E2EP_RUN") or uuid.uuid4().hex
        self._database = open_answers(file)
        self._database.execute("DELETE FROM missed WHERE at < ?", (now() - _KEPT_SECONDS,))

    def look_up(self, key: str, table: str = KNOWN) -> Reply | None:
        """The answer, or the reply in another table, if there is one.

        An older version kept replies of no use as answers too.
        """
        sql = f"SELECT reply FROM {table} WHERE key = ?"
        row = self._database.execute(sql, (key,)).fetchone()
        return Reply.model_validate_json(row[0]) if row else None

    def missed(self, key: str) -> Reply | None:
        """What this run was told instead of an answer."""
        sql = f"SELECT reply FROM {UNANSWERED} JOIN missed USING (key) WHERE run = ? AND key = ?"
        row = self._database.execute(sql, (self.run, key)).fetchone()
        return Reply.model_validate_json(row[0]) if row else None

    def keep(self, key: str, task: Task, reply: Reply) -> None:
        """Store a reply: as the answer if it is usable, else as the latest evidence.

        Whatever was kept as the answer is evidence from now on.
        """
        asked = json.dumps(task.plain_messages(), ensure_ascii=False)
        values = (key, task.kind, reply.model, asked, reply.model_dump_json(), self.now())
        is_usable = parse(reply, task)[0] is not None
        replace, run = "INSERT OR REPLACE INTO", self._database.execute
        run(f"{replace} {UNANSWERED} SELECT * FROM {KNOWN} WHERE key = ?", (key,))
        table = KNOWN if is_usable else UNANSWERED
        run(f"{replace} {table} VALUES (?, ?, ?, ?, ?, ?)", values)
        if not is_usable:
            run(f"DELETE FROM {KNOWN} WHERE key = ?", (key,))
            run(f"{replace} missed VALUES (?, ?, ?)", (self.run, key, self.now()))

    def close(self) -> None:
        """Close the file."""
        self._database.close()
