"""A double that answers from a script, and a small split on disk."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from stages.contracts.rows import ENRICHED, RATINGS, USERS, ItemProfile, Profile
from stages.core.tables import write_jsonl, write_table
from stages.llm.chat import Reply
from stages.llm.task import Task

N_USERS, N_ITEMS = 3, 16


@dataclass
class Scripted:
    """A chat model that gives the next reply of a script, the last one for ever, and records."""

    script: Sequence[Reply]
    tasks: list[Task[Any]] = field(default_factory=list)
    provider: str = "scripted"
    model: str = "scripted"
    settings: dict[str, str | float | int] = field(default_factory=dict)

    async def reply(self, task: Task[Any]) -> Reply:
        self.tasks.append(task)
        return self.script[min(len(self.tasks), len(self.script)) - 1]


@pytest.fixture
def scripted() -> Callable[..., Scripted]:
    """Build the double from texts or whole replies."""

    def build(*replies: str | Reply) -> Scripted:
        return Scripted(
            [
                one if isinstance(one, Reply) else Reply(text=one, model="scripted")
                for one in replies
            ]
        )

    return build


def movie(row: int) -> ItemProfile:
    profile = Profile(
        overview="", genres=(f"Genre {row % 3}",), tags=(f"tag {row}",), description="", dislikes=()
    )
    return ItemProfile(item_id=f"film-{row}", profile=profile, integrated="", source="made up")


@pytest.fixture
def movies() -> list[ItemProfile]:
    """Movie profiles, each with a different tag."""
    return [movie(row) for row in range(N_ITEMS)]


@dataclass(frozen=True)
class Project:
    """params.yaml, the data set `tiny` and the split fold-1."""

    root: Path

    def write(self, part: str, rows: Sequence[tuple[int, int, float, int]]) -> None:
        table = pd.DataFrame(rows, columns=RATINGS.names)
        write_table(self.root / "prepare" / "splits" / "fold-1" / f"{part}.parquet", table, RATINGS)

    def set(self, **profile: Any) -> None:
        (self.root / "params.yaml").write_text(
            yaml.safe_dump({"profile": profile}), encoding="utf-8"
        )

    def users(self, data: str = "data/tiny", split: str = "fold-1") -> bytes:
        from stages.profile.__main__ import users

        out = self.root / "users.jsonl"
        prepared, films, described = (
            self.root / name for name in ("prepare", "movies.parquet", "items.jsonl")
        )
        users(Path(data), split, prepared, films, described, out, self.root / "asked.json")
        return out.read_bytes()

    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in (self.root / "users.jsonl").read_text().splitlines()]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, movies: list[ItemProfile]) -> Project:
    """User 0 rates items 0…7, user 1 items 4…11, user 2 none; valid and test lie elsewhere."""
    monkeypatch.chdir(tmp_path)
    made = Project(tmp_path)
    made.set()
    made.write(
        "train", [(u, i + 4 * u, 1.0 + (i + u) % 5, 100 + i) for u in range(2) for i in range(8)]
    )
    made.write("valid", [(0, 12, 5.0, 1), (2, 13, 5.0, 1)])
    made.write("test", [(0, 14, 5.0, 1), (1, 15, 1.0, 1)])
    people = {
        "user_row": range(N_USERS),
        "user_id": ["a", "b", "c"],
        "gender": "",
        "age": 30,
        "occupation": "",
    }
    write_table(tmp_path / "prepare" / "users.parquet", pd.DataFrame(people), USERS)
    films = pd.DataFrame(
        {"item_row": range(N_ITEMS), "item_id": [one.item_id for one in movies], "year": 1990}
    )
    for name in ENRICHED.names:
        if name not in films:
            many = name in ("aliases", "genres", "keywords", "directors", "cast", "creators")
            films[name] = pd.Series([[] if many else f"{name} {row}" for row in range(N_ITEMS)])
    write_table(tmp_path / "movies.parquet", films, ENRICHED)
    write_jsonl(tmp_path / "items.jsonl", movies)
    return made
