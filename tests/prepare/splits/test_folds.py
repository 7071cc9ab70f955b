"""fold-1 … 5: the official folds, or seeded fifths; valid is a tenth of the training positives."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stages.data.dataset import Dataset
from stages.prepare.rows import Tables, to_tables
from stages.prepare.splits import SplitSource, cut
from stages.prepare.splits.parts import TEST, VALID

Source = Callable[..., SplitSource]
ML_100K = Path(__file__).parents[4] / "shared" / "data" / "ml-100k"


@pytest.mark.parametrize("fold", range(1, 6))
def test_ml_100k_is_cut_as_its_official_test_file_says(
    fold: int, ml_100k_tables: Tables, source: Source
) -> None:
    names = ["user_row", "item_row", "rating", "timestamp"]
    official = pd.read_csv(ML_100K / f"u{fold}.test", sep="\t", names=names)
    official[["user_row", "item_row"]] -= 1
    rows = ml_100k_tables.ratings[names]
    found = rows[cut(f"fold-{fold}", source(ml_100k_tables)) == TEST]
    assert set(found.itertuples(index=False, name=None)) == set(
        official.itertuples(index=False, name=None)
    )


def test_the_official_folds_stay_when_the_seed_changes(
    ml_100k_tables: Tables, source: Source
) -> None:
    one, two = (cut("fold-1", source(ml_100k_tables, seed)) for seed in (1, 2))
    assert ((one == TEST) == (two == TEST)).all()
    assert ((one == VALID) != (two == VALID)).any()


def test_five_tests_are_disjoint_cover_all_and_are_of_one_size(
    tables: Tables, source: Source
) -> None:
    tests = np.array([cut(f"fold-{n}", source(tables)) == TEST for n in range(1, 6)])
    assert (tests.sum(axis=0) == 1).all()
    assert np.ptp(tests.sum(axis=1)) <= 1


def test_valid_is_a_tenth_of_the_training_positives(tables: Tables, source: Source) -> None:
    parts = cut("fold-2", source(tables))
    rating = tables.ratings["rating"].to_numpy()
    assert (rating[parts == VALID] >= 4).all()
    assert (parts == VALID).sum() == round(0.1 * ((rating >= 4) & (parts != TEST)).sum())


def test_an_official_test_is_found_by_user_and_movie_not_by_their_order(
    made_up: Callable[..., Dataset], source: Source
) -> None:
    data = made_up(6, 5)
    pairs = data.ratings[["user_id", "movie_id"]].iloc[[9, 2, 5]]
    tables = to_tables(replace(data, official_folds={"fold-3": pairs}))
    found = tables.ratings[cut("fold-3", source(tables)) == TEST] + 1
    assert {(str(int(row.user_row)), str(int(row.item_row))) for row in found.itertuples()} == set(
        pairs.itertuples(index=False, name=None)
    )
