"""ratings.parquet is read as ratings.csv is, and its faults are named with their row."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from stages.core.errors import InputError
from stages.data.read import read_dataset

GOOD: dict[str, list[Any]] = {
    "user_id": [3, 3, 11, 7],
    "movie_id": ["b", "a", "a", "c"],
    "rating": [4.0, 1.5, 5.0, 3.0],
    "timestamp": [30, 10, 20, 40],
}


def written(folder: Path, rows: dict[str, list[Any]], **about: Any) -> Path:
    folder.mkdir(exist_ok=True)
    facts = {"name": "made-up", "scale": [1, 5], "positive_at": 4} | about
    (folder / "dataset.json").write_text(json.dumps(facts))
    (folder / "movies.csv").write_text(
        "movie_id,title,year,genres\na,A,1999,\nb,B,,Drama\nc,C,,\nunrated,D,,\n"
    )
    pd.DataFrame(rows).to_parquet(folder / "ratings.parquet", row_group_size=2, index=False)
    return folder


def test_it_is_the_data_set_of_the_same_csv_file(tmp_path: Path) -> None:
    many, few = (written(tmp_path / name, GOOD) for name in ("many", "few"))
    (few / "ratings.parquet").unlink()
    pd.DataFrame(GOOD).to_csv(few / "ratings.csv", index=False)
    read, plain = read_dataset(many), read_dataset(few)
    pd.testing.assert_frame_equal(
        read.ratings.astype({"user_id": "str", "movie_id": "str"}), plain.ratings
    )
    pd.testing.assert_frame_equal(read.users, plain.users)
    pd.testing.assert_frame_equal(read.movies, plain.movies)
    assert read.timestamps is plain.timestamps is True


def test_without_ratings_and_times_each_row_counts_one_at_an_unknown_time(tmp_path: Path) -> None:
    pairs = {name: GOOD[name] for name in ("user_id", "movie_id")}
    folder = written(tmp_path / "made-up", pairs, implicit=True, scale=[0, 1], positive_at=1)
    read = read_dataset(folder)
    assert read.ratings["rating"].tolist() == [1.0] * 4
    assert not read.timestamps


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"movie_id": ["b", "a", "a", "x"]}, r"row 4: item 'x' is not in movies\.csv"),
        ({"rating": [4.0, 1.0, 5.5, 3.0]}, r"row 3: the rating 5\.5 is not from 1 to 5"),
        ({"rating": [4.0, np.nan, 5.0, 3.0]}, r"row 2: the rating nan is not from 1 to 5"),
        ({"timestamp": [30, 10, 20, -4]}, r"row 4: the time -4 is no number of seconds"),
        ({"timestamp": [30, 1 << 50, 20, 4]}, r"row 2: the time 1125899906842624 is no"),
        ({"user_id": [3, None, 11, 7]}, "1 rows have no user_id"),
        ({"rating": ["4", "1", "5", "3"]}, "the column rating holds .*string, no numbers"),
        (
            {"timestamp": pd.to_datetime(GOOD["timestamp"], unit="s")},
            r"the column timestamp holds timestamp\[.*\], no numbers",
        ),
    ],
)
def test_a_fault_is_named_with_its_row(
    changed: dict[str, list[Any]], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=sentence):
        read_dataset(written(tmp_path / "made-up", GOOD | changed))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    rows = {name: column for name, column in GOOD.items() if name != "rating"}
    with pytest.raises(InputError, match=r"has no column rating; .* user_id, movie_id, timestamp"):
        read_dataset(written(tmp_path / "made-up", rows))


def test_a_file_that_is_cut_off_is_one_sentence(tmp_path: Path) -> None:
    folder = written(tmp_path / "made-up", GOOD)
    path = folder / "ratings.parquet"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InputError, match=r"ratings\.parquet cannot be read as ratings"):
        read_dataset(folder)
