"""A small artifact tree with every file that evaluate reads, made of draws."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from stages.contracts.calls import Asked, Calls
from stages.contracts.card import DataCard
from stages.contracts.probing import Probe, Probed
from stages.contracts.reasons import RawClaim, RawItem, RawReasons
from stages.contracts.rows import (
    CANDIDATES,
    ENRICHED,
    JUDGED,
    MOVIES,
    RATINGS,
    USERS,
    Claim,
    Explained,
    Explanation,
    ItemProfile,
    Judgement,
    Profile,
    UserProfile,
)
from stages.core.tables import read_table, write_arrays, write_jsonl, write_model, write_table

N_USERS, N_ITEMS, POOL, SEEN = 12, 40, 6, 5
PARAMS: dict[str, Any] = {
    "splits": ["fold-1"],
    "models": ["ease", "gat"],
    "strategies": ["none", "scores"],
    "seed": 7,
    "rerank": {"bases": ["gat"], "reasons": {"strategies": ["scores"]}},
    "evaluate": {},
}


CARD = DataCard(
    name="tiny",
    kind="canonical",
    description="",
    simulated=True,
    users=N_USERS,
    movies=N_ITEMS,
    ratings=N_USERS * 16,
    density=0.4,
    positive_share=0.5,
    mean_rating=3.0,
    scale=(1.0, 5.0),
    positive_at=4.0,
    implicit=False,
    histogram={},
    timestamps=False,
    checksums={"ratings.csv": "00ff"},
    splits={},
)


@dataclass(frozen=True)
class Tree:
    """A project folder: params.yaml, artifacts/tiny/ and metrics/tiny/."""

    root: Path

    @property
    def artifacts(self) -> Path:
        return self.root / "artifacts" / "tiny"

    @property
    def metrics(self) -> Path:
        return self.root / "metrics" / "tiny"

    def evaluate(self) -> None:
        from stages.evaluate.__main__ import main

        main(self.artifacts / "prepare", self.artifacts, self.metrics, "tiny")


@pytest.fixture
def make_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Tree]:
    """Build the tree for PARAMS with some of them changed; the tests run inside it."""

    def make(**changes: Any) -> Tree:
        params, tree = PARAMS | changes, Tree(tmp_path)
        (tmp_path / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        _people(tree.artifacts)
        write_model(
            tree.artifacts / "profile" / "items.asked.json", Asked(calls=(calls("profile-movie"),))
        )
        for split in params["splits"]:
            unseen = _ratings(tree.artifacts, split)
            for model in params["models"]:
                _candidates(tree.artifacts / "train" / split / model, unseen)
                _candidates(
                    tree.artifacts / "train" / split / model,
                    _unseen_in_train(tree.artifacts, split),
                    "valid",
                )
            _reranked(tree.artifacts, split, unseen)
        for split in params.get("shown", {}).get("splits", []):
            folder = tree.artifacts / "prepare" / "splits" / split
            unseen, base = _ratings(tree.artifacts, split), params["rerank"]["bases"][0]
            nothing = read_table(folder / "test.parquet", RATINGS).iloc[:0]
            write_table(folder / "test.parquet", nothing, RATINGS)
            trained = tree.artifacts / "train" / split / base
            _candidates(trained, unseen)
            _candidates(trained, _unseen_in_train(tree.artifacts, split), "valid")
            _reranked(tree.artifacts, split, unseen)
        for split in params.get("further", {}).get("splits", []):
            unseen, asked = _ratings(tree.artifacts, split), Asked(calls=(calls("profile-user"),))
            write_model(tree.artifacts / "profile" / split / "users.asked.json", asked)
            for model in params["further"]["models"]:
                _candidates(tree.artifacts / "train" / "further" / model / split, unseen)
        return tree

    return make


def _people(folder: Path) -> None:
    items, users = (
        [str(row + 1) for row in range(N_ITEMS)],
        [str(row + 1) for row in range(N_USERS)],
    )
    movies = {
        "item_row": range(N_ITEMS),
        "item_id": items,
        "title": items,
        "year": 1999,
        "genres": [[["Drama"], ["Comedy", "War"], []][row % 3] for row in range(N_ITEMS)],
    }
    people = {
        "user_row": range(N_USERS),
        "user_id": users,
        "gender": ["F", "M", ""] * 4,
        "age": 30,
        "occupation": "",
    }
    write_table(
        folder / "prepare" / "movies.parquet",
        pd.DataFrame(movies).assign(text="", creators=None),
        MOVIES,
    )
    write_table(folder / "prepare" / "users.parquet", pd.DataFrame(people), USERS)
    enriched = pd.DataFrame(movies).assign(
        **{name: None for name in ENRICHED.names if name not in movies}
    )
    write_table(folder / "enrich" / "movies.parquet", enriched, ENRICHED)
    write_model(folder / "prepare" / "card.json", CARD)
    vectors = np.random.default_rng(1).normal(size=(N_ITEMS, 8)).astype(np.float32)
    write_arrays(folder / "embed" / "items" / "unified.safetensors", {"vectors": vectors})


def _ratings(folder: Path, split: str) -> np.ndarray:
    """Items 0…5 of a permutation are train and valid, 6…15 test; the unseen ones (users, rest)."""
    draw = np.random.default_rng(len(split))
    items = draw.permuted(np.tile(np.arange(N_ITEMS), (N_USERS, 1)), axis=1)
    for name, part in (
        ("train", slice(0, SEEN)),
        ("valid", slice(SEEN, SEEN + 1)),
        ("test", slice(SEEN + 1, 16)),
    ):
        chosen = items[:, part]
        rows = pd.DataFrame(
            {"user_row": np.repeat(np.arange(N_USERS), chosen.shape[1]), "item_row": chosen.ravel()}
        )
        rows["rating"] = draw.integers(1, 6, len(rows))
        write_table(
            folder / "prepare" / "splits" / split / f"{name}.parquet",
            rows.assign(timestamp=0, nth=-1),
            RATINGS,
        )
    return items[:, SEEN + 1 :]


def calls(task: str) -> Calls:
    """Two answers to one kind of task, one of them a refusal."""
    outcomes, tokens = (
        {"answered": 1, "refused": 1},
        {"input_tokens": 90, "cached_tokens": 20, "output_tokens": 7},
    )
    return Calls(
        task=task, model="rules", calls=2, outcomes=outcomes, **tokens, dollars=0.5, seconds=1.5
    )


def _long(items: np.ndarray) -> pd.DataFrame:
    users, depth = items.shape
    places = np.tile(np.arange(depth), users)
    return pd.DataFrame(
        {
            "user_row": np.repeat(np.arange(users), depth),
            "item_row": items.ravel(),
            "place": places,
            "score": -places,
        }
    )


def _unseen_in_train(folder: Path, split: str) -> np.ndarray:
    """Items without a training rating, the validation item last, (users, rest)."""
    rows = {
        name: pd.read_parquet(folder / f"prepare/splits/{split}/{name}.parquet")
        for name in ("train", "valid")
    }
    seen, last = (
        rows[name].groupby("user_row")["item_row"].apply(set) for name in ("train", "valid")
    )
    return np.array(
        [
            [i for i in range(N_ITEMS) if i not in seen[u] | last[u]] + [*last[u]]
            for u in range(N_USERS)
        ]
    )


def _candidates(folder: Path, unseen: np.ndarray, part: str = "candidates") -> None:
    draw = np.random.default_rng(len(folder.name))
    lists = draw.permuted(unseen, axis=1)[:, :25]
    write_table(folder / f"{part}.parquet", _long(lists), CANDIDATES)


def _reranked(folder: Path, split: str, unseen: np.ndarray) -> None:
    lists = pd.read_parquet(folder / "train" / split / "gat" / "candidates.parquet")
    judged = lists[lists["place"] < POOL].assign(value=lambda rows: rows["place"] / (POOL - 1))
    at = Path(split, "gat", "scores")
    write_table(folder / "rerank" / at / "judged.parquet", judged, JUDGED)
    question = Judgement(
        user_id="1", shown=("1",), scores=(0.5,), order=None, outcome="answered", model="rules"
    )
    write_jsonl(folder / "rerank" / at / "judgements.jsonl", [question, question])
    lists = pd.read_parquet(folder / "train" / split / "gat" / "valid.parquet")
    judged = lists[lists["place"] < POOL].assign(value=lambda rows: rows["place"] / (POOL - 1))
    write_table(folder / "rerank" / at / "valid.parquet", judged, JUDGED)
    write_jsonl(folder / "rerank" / at / "valid-judgements.jsonl", [question])
    write_model(
        folder / "rerank" / at / "asked.json", Asked(calls=(calls("score"), calls("explain")))
    )
    write_model(folder / "rerank" / split / "gat" / "none" / "asked.json", Asked(calls=()))
    write_model(
        folder / "profile" / split / "users.asked.json", Asked(calls=(calls("profile-user"),))
    )
    train = pd.read_parquet(folder / "prepare" / "splits" / split / "train.parquet")
    cited = str(train["item_row"].iloc[0] + 1), str(unseen[0, 0] + 1)
    item = Explained(
        item_id="1",
        title="1",
        graph_score=1.0,
        graph_place=0,
        judge_value=0.5,
        place=0,
        claims=(Claim(attribute="heist", kind="tag", cited=cited),),
        dropped=0,
        reason="because",
    )
    row = Explanation(user_id="1", base="gat", strategy="scores", source="offline", items=(item,))
    write_jsonl(folder / "explain" / at / "explanations.jsonl", [row])
    claims = (RawClaim(attribute="heist", cited=cited),)
    raw = RawReasons(
        user_id="1", outcome="answered", model="rules", items=(RawItem(item_id="1", claims=claims),)
    )
    write_jsonl(folder / "rerank" / at / "reasons.jsonl", [raw])
    probed = Probed(user_id="1", item_id="1", removed=2, evidence=0.5, random=0.2, liked=0.1)
    write_model(
        folder / "probe" / split / "gat" / "scores.json", Probe(applies=True, items=(probed,))
    )
    _profiles(folder / "profile", split)


def _profiles(folder: Path, split: str) -> None:
    blank = Profile(overview="", genres=(), tags=("heist",), description="", dislikes=())
    films = [
        ItemProfile(item_id=str(row + 1), profile=blank, integrated="", source="")
        for row in range(N_ITEMS)
    ]
    person = UserProfile(
        user_id="1", profile=blank, integrated="", source="", liked=(), disliked=()
    )
    write_jsonl(folder / "items.jsonl", films)
    write_jsonl(folder / split / "users.jsonl", [person])
