"""temporal: each user's latest ratings are test, the ones just before valid."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from stages.prepare.params import PrepareParams
from stages.prepare.rows import Tables
from stages.prepare.splits import SplitSource, cut
from stages.prepare.splits.parts import TEST, TRAIN, VALID
from stages.prepare.splits.temporal import cut_temporal

Source = Callable[..., SplitSource]


def test_each_users_test_is_later_than_valid_and_valid_later_than_train(
    tables: Tables, source: Source
) -> None:
    parts = cut("temporal", source(tables))
    rows = tables.ratings.assign(part=parts).sort_values(["user_row", "timestamp", "item_row"])
    assert rows.groupby("user_row")["part"].apply(lambda part: part.is_monotonic_increasing).all()


def test_each_user_gives_a_fifth_to_test_and_a_tenth_to_valid_rounded_down(
    tables: Tables, source: Source
) -> None:
    users, n_users = tables.ratings["user_row"].to_numpy(), len(tables.users)
    parts = cut("temporal", source(tables))
    rows = np.bincount(users)
    assert (np.bincount(users[parts == TEST], minlength=n_users) == rows // 5).all()
    assert (np.bincount(users[parts == VALID], minlength=n_users) == rows // 10).all()


def test_ten_ratings_by_hand_with_ties_by_item() -> None:
    ratings = pd.DataFrame(
        {"user_row": [0] * 10, "item_row": range(10), "timestamp": [9, 1, 2, 3, 4, 5, 6, 7, 8, 9]}
    )
    parts = cut_temporal(ratings, PrepareParams())
    assert np.flatnonzero(parts == TEST).tolist() == [0, 9]
    assert np.flatnonzero(parts == VALID).tolist() == [8]
    tied = cut_temporal(ratings.assign(timestamp=0), PrepareParams())
    assert tied.tolist() == [TRAIN] * 7 + [VALID] + [TEST] * 2


def test_the_shares_can_be_changed() -> None:
    ratings = pd.DataFrame({"user_row": [0] * 10, "item_row": range(10), "timestamp": range(10)})
    parts = cut_temporal(ratings, PrepareParams(test_share=0.5, valid_share=0.3))
    assert parts.tolist() == [TRAIN] * 2 + [VALID] * 3 + [TEST] * 5
