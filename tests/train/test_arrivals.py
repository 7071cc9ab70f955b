"""When films came and users left, by hand and by what holds for any ratings."""

from dataclasses import replace

import numpy as np

from stages.train.arrivals import NEVER, arrived, left
from stages.train.data import TrainingData

TIMED = TrainingData(
    np.array([0, 0, 1, 1]), np.array([0, 1, 1, 2]), np.full(4, 4.0), 3, 4, timestamp=np.array([30, 20, 10, 0])
)
"""User 2 and film 3 have no rating; when film 2 was rated is not known."""


def test_a_film_came_with_its_first_rating_and_a_user_left_with_his_last() -> None:
    assert arrived(TIMED).tolist() == [30, 10, 0, 0]
    assert left(TIMED).tolist() == [30, 10, NEVER]


def test_without_times_all_was_there_and_nobody_left() -> None:
    untimed = replace(TIMED, timestamp=None)
    assert arrived(untimed).tolist() == [0] * 4
    assert left(untimed).tolist() == [NEVER] * 3


def test_nobody_rated_what_came_after_he_left(tiny: TrainingData) -> None:
    after = arrived(tiny) > left(tiny)[:, None]
    assert after.any()
    assert not after[tiny.user, tiny.item].any()
