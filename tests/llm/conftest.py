"""Chat models that answer from a script, and a small task to ask them."""

import asyncio
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from stages.llm.answers.structured import Answer
from stages.llm.chat import Reply
from stages.llm.store.cache import AnswerCache
from stages.llm.task import Message, Task
from stages.llm.waiting.waits import Clockwork
from stages.llm.wrappers.cached import Cached
from tests.llm.batch_server import BatchServer, Plan


class Pick(BaseModel):
    """An answer: a label and how sure one is."""

    model_config = ConfigDict(extra="forbid")

    label: str
    score: int = Field(ge=0, le=100)


def longest(payload: dict[str, Any]) -> Pick:
    """The offline rule: the longest item."""
    return Pick(label=max(payload["items"], key=len), score=50)


def make_task(items: tuple[str, ...] = ("a", "bb"), **changed: Any) -> Task[Pick]:
    fields: dict[str, Any] = {
        "kind": "pick",
        "instructions": "Pick one.",
        "payload": {"items": items},
        "answer": Pick,
        "rule": longest,
    }
    return Task(**fields | changed)


def label_of(answer: Answer[Any]) -> str:
    """The label of an answer, which must have a value."""
    assert answer.value is not None
    label: str = answer.value.label
    return label


@dataclass
class Scripted:
    """Gives its replies in turn, the last one for ever, and keeps what it was asked."""

    replies: list[Reply]
    provider: str = "scripted"
    model: str = "script-1"
    settings: dict[str, str | float | int] = field(default_factory=dict)
    asked: list[list[Message]] = field(default_factory=list)

    async def reply(self, task: Task) -> Reply:
        self.asked.append(task.messages())
        return self.replies[min(len(self.asked), len(self.replies)) - 1]


def says(*texts: str | Reply, **identity: Any) -> Scripted:
    replies = [
        Reply(text=text, model="script-1") if isinstance(text, str) else text for text in texts
    ]
    return Scripted(replies, **identity)


@pytest.fixture(name="says")
def says_fixture() -> Callable[..., Scripted]:
    return says


@pytest.fixture(name="task")
def task_fixture() -> Callable[..., Task[Pick]]:
    return make_task


@pytest.fixture
def cached(tmp_path: Path) -> Iterator[Callable[[Scripted], Cached]]:
    """Put the one cache of this test in front of a model."""
    opened: list[Cached] = []

    def open_cache(model: Scripted) -> Cached:
        cache = AnswerCache(tmp_path / "cache" / "replies.sqlite")
        opened.append(Cached(model, cache))
        return opened[-1]

    yield open_cache
    for cache in opened:
        cache.close()


@pytest.fixture
def serve_batches() -> Iterator[Callable[..., BatchServer]]:
    """Start a server that takes batches, with what it answers and its plans."""
    started: list[BatchServer] = []

    def start(answer: Any, *plans: Plan) -> BatchServer:
        started.append(BatchServer(answer, *plans))
        return started[-1]

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


class InstantClock(Clockwork):
    """Time that passes only in sleep; every draw is .5."""

    def __init__(self) -> None:
        self.time, self.slept = 0.0, list[float]()
        super().__init__(lambda: self.time, self.pass_time, lambda: 0.5)

    async def pass_time(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)


@pytest.fixture
def clock() -> InstantClock:
    return InstantClock()


@pytest.fixture(autouse=True)
def no_real_servers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key, proxy or cache of the developer."""
    for name in list(os.environ):
        if name.endswith(("_KEY", "_PROXY", "_proxy")) or name.startswith(("OPENAI_", "GOOGLE_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "cache"))
