"""Films rated in turn: pairs counted by hand, and what holds for any ratings."""

from dataclasses import replace

import numpy as np
import pytest

from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.turns import HELD, WINDOW, in_turn


def rated(*items: int, n_items: int) -> TrainingData:
    """One user, who rated these items in this order."""
    user, seconds = np.zeros(len(items), int), 1 + np.arange(len(items))
    return TrainingData(
        user, np.array(items), np.full(len(items), 5.0), 1, n_items, timestamp=seconds
    )


def test_two_films_in_turn_by_hand() -> None:
    """S_01 = 2·3 = 6; s = (m + 6, m + 6, m), so that Ŝ_01 = 6 (m + 4) / (m + 6)."""
    found = in_turn(rated(0, 1, n_items=3), np.array([2.0, 3.0])).toarray()
    wanted = 6 * (HELD + 4) / (HELD + 6)
    np.testing.assert_allclose(found, [[0, wanted, 0], [wanted, 0, 0], [0, 0, 0]])


def test_films_farther_apart_than_the_window_are_no_pair() -> None:
    many = WINDOW + 2
    found = in_turn(rated(*range(many), n_items=many), np.ones(many)).toarray() > 0
    apart = np.abs(np.subtract.outer(np.arange(many), np.arange(many)))
    assert np.array_equal(found, (apart > 0) & (apart <= WINDOW))


def test_the_order_is_by_time_whatever_the_order_of_the_rows(tiny: TrainingData) -> None:
    values = np.arange(1.0, 1 + len(tiny.user))
    mixed = np.random.default_rng(0).permutation(len(values))
    found = in_turn(tiny.of_ratings(mixed), values[mixed]).toarray()
    assert found == pytest.approx(in_turn(tiny, values).toarray())
    assert found == pytest.approx(found.T)
    assert not np.diag(found).any()


def test_the_last_of_one_user_and_the_first_of_the_next_are_no_pair() -> None:
    one = rated(0, 1, n_items=2)
    two = replace(one, user=np.array([0, 1]), n_users=2)
    assert in_turn(two, np.ones(2)).nnz == 0


def test_without_a_known_order_nothing_is_in_turn(tiny: TrainingData) -> None:
    assert in_turn(replace(tiny, timestamp=None), np.ones(len(tiny.user))).nnz == 0
