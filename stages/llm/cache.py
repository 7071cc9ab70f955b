"""Answers are kept in SQLite (WAL) as JSON, so that none is paid for twice. Never pickle."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from stages.llm.chat import ChatModel, Reply
from stages.llm.database import cache_folder as cache_folder
from stages.llm.database import opened
from stages.llm.task import Task

TABLE = (
    "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, kind TEXT, model TEXT, asked TEXT, reply TEXT) STRICT"
)


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
        self.inner = inner
        self.hits = 0
        self._database = opened(file, [TABLE])

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
