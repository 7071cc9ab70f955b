"""The data card's counts, and how far each split looks into the future."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stages.contracts.card import DataCard
from stages.data.dataset import Dataset
from stages.prepare import card
from stages.prepare.rows import Tables, to_tables
from stages.prepare.splits import SplitSource, cut
from stages.prepare.splits.parts import TEST, TRAIN, VALID

Source = Callable[..., SplitSource]
PARTS = np.array([TRAIN, TEST, VALID, TEST, TRAIN])
RATINGS = pd.DataFrame(
    {
        "user_row": [0, 0, 0, 0, 1],
        "item_row": [0, 1, 2, 3, 0],
        "rating": [5.0, 4.0, 4.0, 2.0, 1.0],
        "timestamp": [10, 20, 30, 40, 50],
    }
)


def test_a_test_row_is_older_when_the_user_rated_later_in_train_or_valid() -> None:
    assert card.test_older_than_train(RATINGS, PARTS) == 1 / 2


def test_the_rows_later_than_a_test_row_are_counted_over_all_users() -> None:
    assert card.train_later_than_test(RATINGS, PARTS) == pytest.approx((2 / 3 + 1 / 3) / 2)


def test_a_row_of_the_same_second_is_not_later() -> None:
    assert card.train_later_than_test(RATINGS.assign(timestamp=5), PARTS) == 0.0
    assert card.test_older_than_train(RATINGS.assign(timestamp=5), PARTS) == 0.0


def test_a_user_without_training_rows_is_tested_on_no_past() -> None:
    assert card.test_older_than_train(RATINGS, np.array([TEST, TEST, TEST, TEST, TRAIN])) == 0.0


def test_parts_are_counted() -> None:
    made = card.split_card(RATINGS, PARTS, timestamps=True)
    assert made["test"] == {"rows": 2, "users": 1, "movies": 2, "positives": 1}
    assert made["valid"] == {"rows": 1, "users": 1, "movies": 1, "positives": 1}
    assert made["train"] == {"rows": 2, "users": 2, "movies": 1, "positives": 1}


def test_without_times_nothing_is_said_of_them() -> None:
    assert set(card.split_card(RATINGS, PARTS, timestamps=False)) == {"train", "valid", "test"}


def test_a_split_without_a_test_does_not_look_ahead() -> None:
    made = card.split_card(RATINGS, np.where(PARTS == TEST, TRAIN, PARTS), timestamps=True)
    assert set(made) == {"train", "valid", "test"}
    assert made["test"]["rows"] == 0


def test_nearly_all_test_rows_of_u1_are_older_than_training(
    ml_100k_tables: Tables, source: Source
) -> None:
    parts = cut("fold-1", source(ml_100k_tables))
    assert card.test_older_than_train(ml_100k_tables.ratings, parts) == pytest.approx(
        0.97, abs=0.005
    )


def test_no_test_row_of_temporal_is_older_than_its_users_training(
    tables: Tables, source: Source
) -> None:
    assert card.test_older_than_train(tables.ratings, cut("temporal", source(tables))) == 0.0


def test_ml_100k_as_it_is_known(ml_100k: Dataset, ml_100k_tables: Tables, tmp_path: Path) -> None:
    made = card.data_card(ml_100k, ml_100k_tables, {}, tmp_path)
    assert (made["users"], made["movies"], made["ratings"]) == (943, 1682, 100_000)
    assert (made["density"], made["mean_rating"], made["positive_share"]) == (
        0.06305,
        3.52986,
        0.55375,
    )
    assert made["histogram"] == {"1": 6110, "2": 11370, "3": 27145, "4": 34174, "5": 21201}


def test_made_up_data_are_called_simulated(made_up: Callable[..., Dataset], tmp_path: Path) -> None:
    data = made_up()
    made = card.data_card(data, to_tables(data), {}, tmp_path)
    assert (made["simulated"], made["scale"], made["splits"]) == (True, [1.0, 5.0], {})
    assert sum(made["histogram"].values()) == made["ratings"] == len(data.ratings)


def test_checksums_name_every_file_but_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("b.csv", "deep/a.csv", "manifest.json"):
        (tmp_path / name).write_text(name)
    assert card.checksums(tmp_path) == {
        name: hashlib.sha256(name.encode()).hexdigest() for name in ("b.csv", "deep/a.csv")
    }


def test_global_has_the_date_of_its_moment_and_who_and_what_only_the_test_knows() -> None:
    day = 86_400
    rated = RATINGS.assign(timestamp=[day, 3 * day, 2 * day, 3 * day, 4 * day])
    facts = card.global_facts(rated, np.array([TRAIN, TEST, VALID, TEST, TEST]))
    assert facts == {"moment": "1970-01-03", "only_tested": {"users": 1, "movies": 2}}


def test_the_cards_of_the_splits_count_all_rows_once(
    made_up: Callable[..., Dataset], source: Source, tmp_path: Path
) -> None:
    data = made_up()
    tables = to_tables(data)
    names = ("global", "last", "new-users-1")
    cuts = {name: cut(name, source(tables)) for name in names}
    made = DataCard.model_validate(card.data_card(data, tables, cuts, tmp_path)).splits
    for name in names:
        parts = (made[name].train, made[name].valid, made[name].test, made[name].history)
        assert sum(part.rows for part in parts if part) == len(tables.ratings)
    assert [name for name in names if made[name].moment] == ["global"]
    assert [name for name in names if made[name].history] == ["new-users-1"]
    assert made["global"].train_later_than_test == 0.0
    assert made["last"].train_later_than_test
