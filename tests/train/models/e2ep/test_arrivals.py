"""When items arrive and users rate for the last time, by hand and for any ratings."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.arrivals import NEVER, arrivals, last_ratings, not_arrived

TIMED = TrainingData(
    np.array([0, 0, 1, 1]),
    np.array([0, 1, 1, 2]),
    np.full(4, 4.0),
    3,
    4,
    timestamp=np.array([30, 20, 10, 0]),
)
"""User 2 and item 3 have no rating; when item 2 was rated is not known."""


def test_an_item_arrives_with_its_first_rating() -> None:
    assert arrivals(TIMED).tolist() == [30, 10, 0, 0]
    assert last_ratings(TIMED).tolist() == [30, 10, NEVER]


def test_without_times_every_item_was_always_there() -> None:
    untimed = replace(TIMED, timestamp=None)
    assert arrivals(untimed).tolist() == [0] * 4
    assert last_ratings(untimed).tolist() == [NEVER] * 3


def test_items_that_arrive_after_a_users_last_rating_by_hand() -> None:
    """At 10, the last rating of user 1, item 0 had not arrived; user 2 has no rating."""
    assert not_arrived(TIMED, np.array([1, 2, 0])).tolist() == [
        [True, False, False, False],
        [False] * 4,
        [False] * 4,
    ]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 5)), max_size=20))
def test_no_user_rated_an_item_that_had_not_arrived(ratings: list[tuple[int, int, int]]) -> None:
    """Nor where some times are unknown (0)."""
    user, item, timestamp = np.array(ratings, dtype=np.int64).reshape(-1, 3).T
    data = TrainingData(user, item, np.full(len(user), 4.0), 3, 4, timestamp=timestamp)
    assert not not_arrived(data, np.arange(3))[user, item].any()
