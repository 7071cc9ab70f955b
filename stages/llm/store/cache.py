"""Answers are kept in SQLite (WAL) as JSON, so that none is paid for twice. Never pickle."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from stages.core.errors import InputError
from stages.llm.chat import ChatModel, Reply
from stages.llm.schema import schema_text
from stages.llm.store.database import opened
from stages.llm.store.locks import Locks
from stages.llm.task import Task
from stages.llm.wrappers.wrapper import Wrapper

TABLES = tuple(
    f"CREATE TABLE IF NOT EXISTS {name} "
    "(key TEXT PRIMARY KEY, kind TEXT, model TEXT, asked TEXT, reply TEXT, at REAL) STRICT"
    for name in ("replies", "unanswered")
)


def answers(file: Path) -> sqlite3.Connection:
    """The cache's file; one that an older version made gets the column that it lacks."""
    database = opened(file, TABLES)
    for table in ("replies", "unanswered"):
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
        "messages": [asdict(message) for message in task.messages()],
        "schema": json.loads(schema_text(task.answer)),
    }
    return hashlib.sha256(
        json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()


class Cached(Wrapper):
    """A chat model that remembers the answers of another, for many processes at once.

    A reply is committed before it is used, so that a kill at any moment loses at most the attempt in flight.
    Only answered replies are found again: a refusal or a failure is noted and may be asked again. Who wants an answer
    that is being asked for, in this process or another, waits for it.
    """

    def __init__(self, inner: ChatModel, file: Path, now: Callable[[], float] = time.time) -> None:
        super().__init__(inner)
        self.now = now
        self.used: set[str] = set()
        self._database = answers(file)
        self._locks = Locks(file.with_suffix(".locks"))

    async def reply(self, task: Task) -> Reply:
        key = cache_key(self.inner, task)
        self.used.add(key)
        if reply := self._found(key):
            return reply
        async with self._locks.held(key):
            return self._found(key) or self._kept(key, task, await self.inner.reply(task))

    def close(self) -> None:
        """Close the files; open ones are closed by the interpreter too."""
        self._database.close()
        self._locks.close()

    def _found(self, key: str) -> Reply | None:
        row = self._database.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
        return Reply.model_validate_json(row[0]) if row else None

    def _kept(self, key: str, task: Task, reply: Reply) -> Reply:
        asked = json.dumps([asdict(message) for message in task.messages()], ensure_ascii=False)
        values = (key, task.kind, reply.model, asked, reply.model_dump_json(), self.now())
        way, table = (
            ("IGNORE", "replies") if reply.outcome == "answered" else ("REPLACE", "unanswered")
        )
        self._database.execute(f"INSERT OR {way} INTO {table} VALUES (?, ?, ?, ?, ?, ?)", values)
        return reply
