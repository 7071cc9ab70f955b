"""The data card: what the data set is, and what each split holds and leaks."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from stages.contracts.scale import POSITIVE
from stages.data.dataset import Dataset
from stages.prepare.rows import Tables
from stages.prepare.splits.parts import HISTORIES, TEST, TRAIN, VALID, Cut


def data_card(data: Dataset, tables: Tables, cuts: dict[str, Cut], folder: Path) -> dict[str, Any]:
    """Counts, scale, checksums and one entry per split; what was understood of an import."""
    understood = data.understood
    ratings, n_users, n_items = tables.ratings, len(tables.users), len(tables.movies)
    histogram = data.ratings["rating"].value_counts().sort_index()
    return {
        "name": data.name,
        "kind": data.kind,
        "description": data.description,
        "simulated": data.simulated,
        "users": n_users,
        "movies": n_items,
        "ratings": len(ratings),
        "density": round(len(ratings) / (n_users * n_items), 5),
        "positive_share": round(float((ratings["rating"] >= POSITIVE).mean()), 5),
        "mean_rating": round(float(data.ratings["rating"].mean()), 5),
        "scale": list(data.scale),
        "positive_at": data.positive_at,
        "implicit": data.implicit,
        "histogram": {f"{value:g}": int(count) for value, count in histogram.items()},
        "timestamps": data.timestamps,
        "checksums": checksums(folder),
        "splits": {
            name: split_card(ratings, parts, data.timestamps)
            | (global_facts(ratings, parts) if name == "global" else {})
            for name, parts in cuts.items()
        },
        **({} if understood is None else {"understood": understood.model_dump(mode="json")}),
    }


def checksums(folder: Path) -> dict[str, str]:
    """The sha256 of each file of the data set."""
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"
    )
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in files}


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def split_card(ratings: pd.DataFrame, parts: Cut, timestamps: bool) -> dict[str, Any]:
    """Counts of each part and, where times are known, how far the split looks into the future."""
    named = (("train", TRAIN), ("valid", VALID), ("test", TEST))
    card: dict[str, Any] = {name: _counts(ratings[parts == part]) for name, part in named}
    if (history := np.isin(parts, tuple(HISTORIES))).any():
        card["history"] = _counts(ratings[history])
    if timestamps and (parts == TEST).any():
        card["test_older_than_train"] = round(test_older_than_train(ratings, parts), 5)
        card["train_later_than_test"] = round(train_later_than_test(ratings, parts), 5)
    return card


def _counts(rows: pd.DataFrame) -> dict[str, int]:
    return {
        "rows": len(rows),
        "users": rows["user_row"].nunique(),
        "movies": rows["item_row"].nunique(),
        "positives": int((rows["rating"] >= POSITIVE).sum()),
    }


def global_facts(ratings: pd.DataFrame, parts: Cut) -> dict[str, Any]:
    """The date of the moment, and how many users and movies only the test knows."""
    test = parts == TEST
    moment = datetime.fromtimestamp(int(ratings["timestamp"][~test].max()), UTC)
    only = {
        name: len(np.setdiff1d(ratings[row][test], ratings[row][~test]))
        for name, row in (("users", "user_row"), ("movies", "item_row"))
    }
    return {"moment": moment.date().isoformat(), "only_tested": only}


def test_older_than_train(ratings: pd.DataFrame, parts: Cut) -> float:
    """Share of test rows that are older than the same user's last training rating."""
    users, time = ratings["user_row"].to_numpy(), ratings["timestamp"].to_numpy()
    last = np.full(users.max() + 1, np.iinfo(np.int64).min)
    np.maximum.at(last, users[parts != TEST], time[parts != TEST])
    test = parts == TEST
    return float((time[test] < last[users[test]]).mean()) if test.any() else 0.0


def train_later_than_test(ratings: pd.DataFrame, parts: Cut) -> float:
    """Share of training rows that are later than a test row, as a mean over test rows."""
    time = ratings["timestamp"].to_numpy()
    train, test = np.sort(time[parts != TEST]), time[parts == TEST]
    return (
        float(1 - np.searchsorted(train, test, side="right").mean() / len(train))
        if len(test)
        else 0.0
    )
