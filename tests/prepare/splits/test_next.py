"""next: each user's latest ratings are valid, nothing is test, and the final fit is on all."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.prepare.params import PrepareParams
from stages.prepare.rows import Tables
from stages.prepare.splits import SplitSource, cut
from stages.prepare.splits.next import cut_next
from stages.prepare.splits.parts import TRAIN, VALID, training_rows
from stages.train.fitting.rows import SplitRows

Source = Callable[..., SplitSource]


def ratings(*users: list[int]) -> pd.DataFrame:
    """One list of nth per user."""
    rows = [(user, item, nth) for user, each in enumerate(users) for item, nth in enumerate(each)]
    return pd.DataFrame(rows, columns=["user_row", "item_row", "nth"])


def test_users_of_one_two_ten_and_eleven_ratings_by_hand() -> None:
    each = [0], [1, 0], [9, 0, 1, 2, 3, 4, 5, 6, 7, 8], [*range(11)]
    parts = cut_next(ratings(*each), PrepareParams(), seed=7)
    valid = [[0], [1, 0], [1] + [0] * 9, [0] * 9 + [1, 1]]
    assert parts.tolist() == [VALID if one else TRAIN for user in valid for one in user]


def test_of_two_at_the_same_time_the_later_in_the_file_is_valid(
    made_up: Callable[..., object],
) -> None:
    from dataclasses import replace

    from stages.data.dataset import Dataset
    from stages.prepare.rows import to_tables

    data = made_up(1, 25)
    assert isinstance(data, Dataset)
    rows = pd.DataFrame({"user_id": "1", "movie_id": ["9", "3", "7"], "rating": 5.0})
    tables = to_tables(replace(data, ratings=rows.assign(timestamp=100)))
    parts = cut("next", SplitSource(tables, PrepareParams(), 7, True))
    assert (parts == VALID).tolist() == [False, True, False]
    assert tables.ratings["item_row"].tolist() == [2, 6, 8]


@given(st.integers(1, 60), st.integers(0, 9))
def test_without_an_order_a_tenth_of_as_many_is_drawn(rows: int, seed: int) -> None:
    timeless, timed = ratings([-1] * rows), ratings([*range(rows)])
    drawn = cut_next(timeless, PrepareParams(), seed)
    assert (drawn == cut_next(timeless, PrepareParams(), seed)).all()
    assert (drawn == VALID).sum() == (cut_next(timed, PrepareParams(), seed) == VALID).sum()


def test_without_an_order_another_seed_draws_others() -> None:
    one, other = (cut_next(ratings([-1] * 60), PrepareParams(), seed) for seed in (7, 8))
    assert (one != other).any()


def test_each_users_valid_is_later_than_their_train(tables: Tables, source: Source) -> None:
    rows = tables.ratings.assign(part=cut("next", source(tables)))
    rows = rows.sort_values(["user_row", "nth"])
    assert rows.groupby("user_row")["part"].apply(lambda part: part.is_monotonic_increasing).all()


@pytest.mark.parametrize("timestamps", [True, False])
def test_train_and_valid_are_all_ratings_and_the_final_fit_is_on_them(
    timestamps: bool, tiny: Tables, source: Source
) -> None:
    parts = cut("next", source(tiny, timestamps=timestamps))
    assert set(parts.tolist()) == {TRAIN, VALID}
    train, valid = training_rows(tiny.ratings, parts), tiny.ratings[parts == VALID]
    sizes = len(tiny.users), len(tiny.movies)
    fitted = SplitRows("next", train, valid, *sizes, None, None).to_list(model=None).fitted  # type: ignore[arg-type]
    everything = tiny.ratings.sort_values(["user_row", "item_row"])
    order = np.lexsort((fitted.item, fitted.user))
    for name, column in (("user_row", fitted.user), ("item_row", fitted.item)):
        assert (column[order] == everything[name].to_numpy()).all()
