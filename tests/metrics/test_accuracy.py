"""Hand-worked lists for every accuracy metric."""

import numpy as np
import pytest

from stages.metrics.registry import ACCURACY

HITS = np.array([[1, 0, 1, 0], [0, 0, 0, 0], [0, 1, 0, 0], [1, 1, 1, 1]], dtype=bool)
RELEVANT = np.array([3, 2, 1, 6])
LOG3, LOG4, LOG5 = np.log2(3), np.log2(4), np.log2(5)
FULL = 1 + 1 / LOG3 + 1 / LOG4 + 1 / LOG5

WORKED = {
    "precision": [2 / 4, 0, 1 / 4, 1],
    "recall": [2 / 3, 0, 1, 4 / 6],
    "ndcg": [(1 + 1 / LOG4) / (1 + 1 / LOG3 + 1 / LOG4), 0, 1 / LOG3, FULL / FULL],
    "map": [(1 + 2 / 3) / 3, 0, 1 / 2, 4 / 4],
    "mrr": [1, 0, 1 / 2, 1],
    "hit": [1, 0, 1, 1],
    "f1": [
        2 * (1 / 2) * (2 / 3) / (1 / 2 + 2 / 3),
        0,
        2 * (1 / 4) / (1 + 1 / 4),
        2 * (4 / 6) / (1 + 4 / 6),
    ],
}


@pytest.mark.parametrize("name", ACCURACY)
def test_equals_the_hand_worked_value_of_each_user(name: str) -> None:
    np.testing.assert_allclose(ACCURACY[name](HITS, RELEVANT), WORKED[name])


@pytest.mark.parametrize("name", ACCURACY)
def test_is_zero_for_a_user_without_relevant_items(name: str) -> None:
    assert ACCURACY[name](np.zeros((1, 5), dtype=bool), np.array([0])).tolist() == [0.0]


@pytest.mark.parametrize("name", ACCURACY)
def test_gives_float64_a_user_also_for_no_users(name: str) -> None:
    values = ACCURACY[name](np.zeros((0, 5), dtype=bool), np.zeros(0, dtype=np.int64))
    assert (values.shape, values.dtype) == ((0,), np.float64)


def test_precision_counts_the_missing_places_of_a_short_list_as_misses() -> None:
    assert ACCURACY["precision"](np.array([[1, 1, 0, 0]], dtype=bool), np.array([2]))[0] == 0.5


def test_ndcg_ideal_stops_at_the_number_of_relevant_items() -> None:
    assert ACCURACY["ndcg"](np.array([[1, 0, 0]], dtype=bool), np.array([1]))[0] == 1.0


def test_average_precision_ideal_stops_at_k() -> None:
    assert ACCURACY["map"](np.ones((1, 3), dtype=bool), np.array([50]))[0] == 1.0
