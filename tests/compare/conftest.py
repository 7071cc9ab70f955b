"""Two strategies' explained lists of four users, and a project folder that holds them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from stages.compare.__main__ import judge
from stages.compare.judging import JudgedLists
from stages.contracts.metrics.explanations import Tally
from stages.contracts.rows import ENRICHED, Claim, Explained, Explanation, Profile, UserProfile
from stages.core.tables import read_jsonl, read_model, write_jsonl, write_table

N_USERS = 4
RICH = {"Dune": ("sea", "war"), "Jaws": ("Drama",)}
POOR = {"Heat": ("sea",), "Alien": ()}
Reasons = dict[str, tuple[str, ...]]


def user(row: int) -> UserProfile:
    """Profiles differ, so that no answer is kept for another user's question."""
    words = {"genres": ("Drama",), "tags": ("sea", "war"), "dislikes": ("gore",)}
    profile = Profile(overview=f"Person {row}.", description="", **words)
    return UserProfile(
        user_id=f"userid{row}",
        profile=profile,
        integrated="",
        source="made up",
        liked=("itemid0",),
        disliked=(),
    )


def explanation(user_id: str, strategy: str, reasons: Reasons) -> Explanation:
    """A list of films by title, each with claims on some attributes."""
    items = [
        Explained(
            item_id=f"itemid{place}",
            title=title,
            graph_score=1.0,
            graph_place=place,
            judge_value=0.5,
            place=place,
            claims=tuple(Claim(attribute=name, kind="tag", cited=("itemid0",)) for name in words),
            dropped=0,
            reason="; ".join(f"“{name}” links it to Solaris" for name in words),
        )
        for place, (title, words) in enumerate(reasons.items())
    ]
    return Explanation(
        user_id=user_id, base="e2ep", strategy=strategy, source="made up", items=tuple(items)
    )


@dataclass(frozen=True)
class Project:
    """The folder that the stage runs in."""

    root: Path

    def explain(self, strategy: str, reasons: Reasons, users: int = N_USERS) -> None:
        rows = [explanation(f"userid{row}", strategy, reasons) for row in range(users)]
        write_jsonl(self.root / "explained" / strategy / "explanations.jsonl", rows)

    def compare(self, pair: str = "rich-poor", **sections: Any) -> Tally:
        (self.root / "params.yaml").write_text(
            yaml.safe_dump({"seed": 7} | sections), encoding="utf-8"
        )
        judge(
            pair,
            Path("explained"),
            Path(),
            Path("movies.parquet"),
            Path("users.jsonl"),
            Path("out"),
        )
        return read_model(Path("out/tally.json"), Tally)

    def verdicts(self) -> list[JudgedLists]:
        return list(read_jsonl(Path("out/verdicts.jsonl"), JudgedLists))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Users who like Solaris; the strategy `rich` gives more reasons than `poor`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "cache"))
    made = Project(tmp_path)
    made.explain("rich", RICH)
    made.explain("poor", POOR)
    write_jsonl(tmp_path / "users.jsonl", [user(row) for row in range(N_USERS)])
    blank = dict.fromkeys(ENRICHED.names)
    film = blank | {"item_row": 0, "item_id": "itemid0", "title": "Solaris", "year": 1972}
    write_table(tmp_path / "movies.parquet", pd.DataFrame([film]), ENRICHED)
    return made


@pytest.fixture
def explained() -> Callable[..., Explanation]:
    """A maker of explained lists."""
    return explanation
