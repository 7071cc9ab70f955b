"""Answers are kept in SQLite (WAL) as JSON, so that none is paid for twice. Never pickle."""

import hashlib
import json
import os
import sqlite3
import time
from dataclasses import asdict
from pathlib import Path

from stages.core.errors import InputError
from stages.llm.chat import ChatModel, Reply
from stages.llm.task import Task

TABLE = (
    "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, kind TEXT, model TEXT, asked TEXT, reply TEXT) STRICT"
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
        "schema": task.answer.model_json_schema(),
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class Cached:
    """A chat model that remembers the answers of another, for many processes at once.

    A reply is committed before it is used, so that a kill at any moment loses at most the attempt in flight.
    Only answered replies are kept: a refusal or a failure may be asked again.
    """

    def __init__(self, inner: ChatModel, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self.inner = inner
        self.hits = 0
        self._database = _opened(file)

    @property
    def provider(self) -> str:
        return self.inner.provider

    @property
    def model(self) -> str:
        return self.inner.model

    @property
    def settings(self) -> dict[str, str | float | int]:
        return self.inner.settings

    async def reply(self, task: Task) -> Reply:
        key = cache_key(self.inner, task)
        row = self._database.execute("SELECT reply FROM replies WHERE key = ?", (key,)).fetchone()
        if row:
            self.hits += 1
            return Reply.model_validate_json(row[0])
        reply = await self.inner.reply(task)
        if reply.outcome == "answered":
            asked = json.dumps([asdict(message) for message in task.messages()], ensure_ascii=False)
            values = (key, task.kind, reply.model, asked, reply.model_dump_json())
            self._database.execute("INSERT OR IGNORE INTO replies VALUES (?, ?, ?, ?, ?)", values)
        return reply

    def close(self) -> None:
        """Close the database; an open one is closed by the interpreter too."""
        self._database.close()


def _opened(file: Path) -> sqlite3.Connection:
    try:
        database = sqlite3.connect(file, timeout=60, isolation_level=None)
        _switch_to_wal(database)
        database.execute("PRAGMA synchronous=FULL")
        database.execute(TABLE)
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
