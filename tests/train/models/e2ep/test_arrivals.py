"""When films came and users left, by hand and by what holds for any ratings."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.arrivals import NEVER, arrived, came_after, left

TIMED = TrainingData(
    np.array([0, 0, 1, 1]),
    np.array([0, 1, 1, 2]),
    np.full(4, 4.0),
    3,
    4,
    timestamp=np.array([30, 20, 10, 0]),
)
"""User 2 and film 3 have no rating; when film 2 was rated is not known."""


def test_a_film_came_with_its_first_rating_and_a_user_left_with_his_last() -> None:
    assert arrived(TIMED).tolist() == [30, 10, 0, 0]
    assert left(TIMED).tolist() == [30, 10, NEVER]


def test_without_times_all_was_there_and_nobody_left() -> None:
    untimed = replace(TIMED, timestamp=None)
    assert arrived(untimed).tolist() == [0] * 4
    assert left(untimed).tolist() == [NEVER] * 3


def test_what_came_after_a_user_left_by_hand() -> None:
    """At 10, when user 1 left, film 0 had not come; user 2, who rated nothing, may meet any."""
    assert came_after(TIMED, np.array([1, 2, 0])).tolist() == [
        [True, False, False, False],
        [False] * 4,
        [False] * 4,
    ]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 5)), max_size=20))
def test_nobody_rated_what_came_after_he_left(ratings: list[tuple[int, int, int]]) -> None:
    """Nor where some times are unknown (0)."""
    user, item, timestamp = np.array(ratings, dtype=np.int64).reshape(-1, 3).T
    data = TrainingData(user, item, np.full(len(user), 4.0), 3, 4, timestamp=timestamp)
    assert not came_after(data, np.arange(3))[user, item].any()
