"""Ratings in order, and pairs of them."""

from dataclasses import replace

import numpy as np

from stages.train.fitting.data import TrainingData
from stages.train.fitting.order import OrderedRatings

# User 2 rates item 4, 1, then 3; user 0 item 3; user 1 nothing. Rows are in no order.
DATA = TrainingData(
    np.array([2, 0, 2, 2]),
    np.array([1, 3, 4, 3]),
    np.ones(4),
    3,
    5,
    order=np.array([1, 0, 0, 2]),
)


def test_each_users_ratings_stand_in_their_order() -> None:
    ordered = OrderedRatings.of(DATA)
    assert ordered.rows.tolist() == [1, 2, 0, 3]
    assert ordered.user.tolist() == [0, 2, 2, 2]
    assert ordered.item.tolist() == [3, 4, 1, 3]
    assert ordered.later.tolist() == [0, 2, 1, 0]


def test_pairs_are_of_one_user() -> None:
    ordered = OrderedRatings.of(DATA)
    pairs = [[ends.tolist() for ends in ordered.apart(places)] for places in range(4)]
    assert pairs == [[[0, 1, 2, 3]] * 2, [[1, 2], [2, 3]], [[1], [3]], [[], []]]


def test_a_rating_without_a_time_has_no_place_among_the_others() -> None:
    times = replace(DATA, order=None, timestamp=np.array([20, 0, 10, 0]))
    ordered = OrderedRatings.of(times)
    assert ordered.item.tolist() == [4, 1]
    assert ordered.later.tolist() == [1, 0]
