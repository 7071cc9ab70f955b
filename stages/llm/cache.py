"""Answers are kept in SQLite (WAL) as JSON, so that none is paid for twice. Never pickle."""

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from stages.core.errors import InputError
from stages.llm.chat import ChatModel, Reply
from stages.llm.claims import Claims
from stages.llm.schema import schema_text
from stages.llm.task import Task
from stages.llm.wrapper import Wrapper

TABLES = tuple(
    f"CREATE TABLE IF NOT EXISTS {name} (key TEXT PRIMARY KEY, kind TEXT, model TEXT, asked TEXT, reply TEXT) STRICT"
    for name in ("replies", "unanswered")
)
PAUSES = (0.02,) * 500


def cache_folder() -> Path:
    """E2EP_CACHE_DIR, else `.cache/` of the main checkout, also from a queued or temporary experiment."""
    root = os.environ.get("E2EP_CACHE_DIR") or Path(os.environ.get("DVC_ROOT") or Path.cwd()) / ".cache"
    return Path(root)


def cache_key(model: ChatModel, task: Task) -> str:
    """A digest of provider, model, messages in order, settings and answer schema."""
    asked = {
        "provider": model.provider,
        "model": model.model,
        "settings": model.settings,
        "messages": [asdict(message) for message in task.messages()],
        "schema": json.loads(schema_text(task.answer)),
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class Cached(Wrapper):
    """A chat model that remembers the answers of another, for many processes at once.

    A reply is committed before it is used, so that a kill at any moment loses at most the attempt in flight.
    Only answered replies are found again: a refusal or a failure is noted and may be asked again. Who wants an answer
    that is being asked for, in this process or another, waits for it.
    """

    def __init__(self, inner: ChatModel, file: Path) -> None:
        super().__init__(inner)
        file.parent.mkdir(parents=True, exist_ok=True)
        self.hits = 0
        self._database = opened(file, TABLES)
        self._claims = Claims(file.with_suffix(".claims"))

    async def reply(self, task: Task) -> Reply:
        key = cache_key(self.inner, task)
        if reply := self._found(key):
            return reply
        async with self._claims.held(key):
            return self._found(key) or self._kept(key, task, await self.inner.reply(task))

    def close(self) -> None:
        """Close the files; open ones are closed by the interpreter too."""
        self._database.close()
        self._claims.close()

    def _found(self, key: str) -> Reply | None:
        row = self._database.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
        self.hits += row is not None
        return Reply.model_validate_json(row[0]) if row else None

    def _kept(self, key: str, task: Task, reply: Reply) -> Reply:
        asked = json.dumps([asdict(message) for message in task.messages()], ensure_ascii=False)
        values = (key, task.kind, reply.model, asked, reply.model_dump_json())
        way, table = ("IGNORE", "replies") if reply.outcome == "answered" else ("REPLACE", "unanswered")
        self._database.execute(f"INSERT OR {way} INTO {table} VALUES (?, ?, ?, ?, ?)", values)
        return reply


def opened(file: Path, tables: Sequence[str]) -> sqlite3.Connection:
    """An SQLite file in WAL mode that many processes can use, with these tables.

    NORMAL syncs at checkpoints alone: a kill loses nothing that was committed, a power cut at most the last rows.
    """
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
