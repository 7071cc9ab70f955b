"""Ratings in ranges of users give what they give as a whole."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from stages.contracts.rows import MOVIES, RATINGS, TRAINING, USERS
from stages.core import groups, mapped
from stages.core.errors import InputError
from stages.core.tables import read_json, read_table
from stages.data.dataset import Dataset
from stages.data.formats import canonical
from stages.prepare import many_rows
from stages.prepare.__main__ import main
from stages.prepare.rows import to_tables

Make = Callable[..., Dataset]
SPLITS = ("fold-2", "temporal", "last", "global", "cold-users-1", "cold-items-3", "new-users-2")


@pytest.fixture
def few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is many, a range and a block are a few rows."""
    monkeypatch.setattr(mapped, "LARGE", 10)
    monkeypatch.setattr(mapped.slices, "__defaults__", (7,))
    monkeypatch.setattr(many_rows, "RANGE", 20)
    monkeypatch.setattr(groups, "RANGE", 16)


def written(folder: Path, data: Dataset) -> None:
    """With ratings in Parquet."""
    folder.mkdir()
    canonical.write(folder, data)
    ratings = pd.read_csv(folder / "ratings.csv")
    ratings.to_parquet(folder / "ratings.parquet", row_group_size=9, index=False)
    (folder / "ratings.csv").unlink()


def test_all_files_hold_the_same_rows(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    made_up: Make,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text(f"seed: 7\nsplits: [{', '.join(SPLITS)}]\n")
    Path("few").mkdir()
    canonical.write(Path("few"), made_up(90))
    written(Path("many"), made_up(90))
    main(Path("few"), Path("whole"))
    request.getfixturevalue("few_at_a_time")
    main(Path("many"), Path("parts"))
    cards = [read_json(Path(out) / "card.json") for out in ("whole", "parts")]
    for card in cards:
        del card["checksums"]
    assert cards[0] == cards[1]
    tables = {"users": USERS, "movies": MOVIES, "ratings": RATINGS} | {
        f"splits/{split}/{part}": TRAINING if part == "train" else RATINGS
        for split in SPLITS
        for part in ("train", "valid", "test")
    }
    for name, schema in tables.items():
        whole, parts = (
            read_table(Path(out) / f"{name}.parquet", schema) for out in ("whole", "parts")
        )
        pd.testing.assert_frame_equal(whole, parts)


@pytest.mark.usefixtures("few_at_a_time")
def test_a_pair_that_is_rated_twice_is_named(made_up: Make) -> None:
    data = made_up()
    again = pd.concat([data.ratings, data.ratings.iloc[[20]]], ignore_index=True)
    user, item = data.ratings.loc[20, ["user_id", "movie_id"]]
    with pytest.raises(InputError, match=f"user '{user}' has rated item '{item}' twice"):
        to_tables(replace(data, ratings=again))
