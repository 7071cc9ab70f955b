"""Films, users and doubles of a chat model that know the truth, babble, or answer in part."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest

from stages.contracts.items import Item, ProfiledItems
from stages.contracts.rows import (
    CANDIDATES,
    ENRICHED,
    RATINGS,
    TRAINING,
    ItemProfile,
    Profile,
    UserProfile,
)
from stages.core.tables import write_arrays, write_jsonl, write_table
from stages.llm.chat import ChatModel, Reply
from stages.llm.providers.offline import Offline
from stages.llm.task import Task
from stages.rerank.answers import Order, Pick, Score, Scores
from stages.rerank.pools import Bench

N_ITEMS, N_USERS, DEPTH = 60, 4, 35
FOLDERS = (".", "movies.parquet", "items.jsonl", "users.jsonl", "embed/items", "base")
"""Where the fixture `project` has what the stage reads, in the order of its options."""


def title(row: int) -> str:
    return f"Title {row:02d}"


@dataclass
class Double:
    """Records every task; subclasses answer with JSON text."""

    tasks: list[Task[Any]] = field(default_factory=list)
    provider: ClassVar[str] = "double"
    model: ClassVar[str] = "double"
    settings: ClassVar[dict[str, str | float | int]] = {}

    async def reply(self, task: Task[Any]) -> Reply:
        self.tasks.append(task)
        return Reply(text=self.text(task), model=self.model)

    def text(self, task: Task[Any]) -> str:
        raise NotImplementedError


@dataclass
class Perfect(Double):
    """Knows each title's worth, 0–100."""

    worth: Mapping[str, float] = field(default_factory=dict)

    def text(self, task: Task[Any]) -> str:
        worth = {film["label"]: self.worth[film["title"]] for film in task.payload["candidates"]}
        if issubclass(task.answer, Order):
            return Order(order=sorted(worth, key=lambda label: -worth[label])).model_dump_json()
        if issubclass(task.answer, Pick):
            return Pick(best=max(worth, key=lambda label: worth[label])).model_dump_json()
        return Scores(
            scores=[Score(label=label, score=score) for label, score in worth.items()]
        ).model_dump_json()


@dataclass
class Noisy(Perfect):
    """Sees the worth of each film through noise that is drawn afresh for every question."""

    noise: float = 20.0
    draw: np.random.Generator = field(default_factory=lambda: np.random.default_rng(3))

    def text(self, task: Task[Any]) -> str:
        true = self.worth
        self.worth = {
            title: min(max(value + self.noise * self.draw.normal(), 0), 100)
            for title, value in true.items()
        }
        try:
            return super().text(task)
        finally:
            self.worth = true


@dataclass
class Slow(Perfect):
    """Answers in another order than it was asked in, and counts questions open together."""

    open: int = 0
    most: int = 0

    async def reply(self, task: Task[Any]) -> Reply:
        self.open += 1
        self.most = max(self.most, self.open)
        for _ in range(len(task.payload["candidates"][0]["title"] + str(task.payload)) % 7):
            await asyncio.sleep(0)
        self.open -= 1
        return await super().reply(task)


@dataclass
class Babbling(Double):
    """Gives the same text to every question."""

    said: str = "I liked them all!"

    def text(self, _task: Task[Any]) -> str:
        return self.said


@dataclass
class Echo(Double):
    """Answers with a function of the labels shown."""

    answer: Callable[[list[str]], Any] = list

    def text(self, task: Task[Any]) -> str:
        return json.dumps(
            self.answer([film["label"] for film in task.payload.get("candidates", [])])
        )


@dataclass(frozen=True)
class Doubles:
    """The classes above, for tests to build."""

    perfect: type[Perfect] = Perfect
    babbling: type[Babbling] = Babbling
    echo: type[Echo] = Echo
    noisy: type[Noisy] = Noisy
    slow: type[Slow] = Slow


@pytest.fixture
def doubles() -> Doubles:
    return Doubles()


def profile(*tags: str) -> Profile:
    return Profile(
        overview="Likes the sea.", genres=("Drama",), tags=tags, description="", dislikes=("gore",)
    )


@pytest.fixture
def bench() -> Callable[..., Bench]:
    """Four users over sixty films; ids are words that no profile or title holds."""
    profiles = [
        ItemProfile(
            item_id=f"itemid{row}",
            profile=profile(f"tag {row % 7}"),
            integrated="",
            source="made up",
        )
        for row in range(N_ITEMS)
    ]
    shown = [Item(f"itemid{row}", title(row), 1950 + row) for row in range(N_ITEMS)]
    catalogue = ProfiledItems(shown, profiles)
    users = [
        UserProfile(
            user_id=f"userid{row}",
            profile=profile("tag 1", f"tag {row}"),
            integrated="",
            source="made up",
            liked=(f"itemid{50 + row}",),
            disliked=(f"itemid{40 + row}",),
        )
        for row in range(N_USERS)
    ]

    def build(model: ChatModel, seed: int = 7, titles: int = 10) -> Bench:
        return Bench(model, catalogue, users, seed, titles)

    return build


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bench: Callable[..., Any]) -> Path:
    """Users 1 and 3 like a test film, user 0 dislikes one."""
    monkeypatch.chdir(tmp_path)
    made = bench(Offline())
    write_jsonl(Path("items.jsonl"), made.catalogue.profiles)
    write_jsonl(Path("users.jsonl"), made.users)
    films = pd.DataFrame(
        {
            "item_row": range(N_ITEMS),
            "item_id": [item.item_id for item in made.catalogue.items],
            "title": [item.title for item in made.catalogue.items],
            "year": [None, *(item.year for item in made.catalogue.items[1:])],
        }
    )
    for name in set(ENRICHED.names) - set(films):
        many = name in ("aliases", "genres", "keywords", "directors", "cast", "creators")
        films[name] = [[]] * N_ITEMS if many else ""
    films["genres"] = [["Drama"], ["Comedy"]] * (N_ITEMS // 2)
    write_table(Path("movies.parquet"), films, ENRICHED)
    vectors = np.random.default_rng(6).normal(size=(N_ITEMS, 4)).astype(np.float32)
    write_arrays(Path("embed/items/unified.safetensors"), {"vectors": vectors})
    users, places = np.divmod(np.arange(N_USERS * DEPTH), DEPTH)
    lists = pd.DataFrame({"user_row": users, "item_row": places, "place": places, "score": -places})
    write_table(Path("base/candidates.parquet"), lists, CANDIDATES)
    test = pd.DataFrame(
        [(0, 1, 2.0, 0, -1), (1, 1, 4.0, 0, -1), (3, 2, 5.0, 0, -1)], columns=RATINGS.names
    )
    write_table(Path("splits/fold-1/test.parquet"), test, RATINGS)
    valid = pd.DataFrame(
        [(0, 9, 5.0, 0, -1), (2, 9, 4.0, 0, -1), (3, 9, 3.0, 0, -1)], columns=RATINGS.names
    )
    write_table(Path("splits/fold-1/valid.parquet"), valid, RATINGS)
    train = pd.DataFrame(
        [(user, 50 + user, 5.0, 10 * user, -1) for user in range(N_USERS)], columns=RATINGS.names
    )
    write_table(Path("splits/fold-1/train.parquet"), train.assign(history=None), TRAINING)
    turned = lists.assign(item_row=DEPTH - 1 - lists["item_row"])
    write_table(Path("base/valid.parquet"), turned, CANDIDATES)
    return tmp_path
