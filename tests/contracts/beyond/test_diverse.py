"""Maximal marginal relevance, by hand and by its laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.contracts.beyond.diverse import diverse_order

# Two films alike, one across, one halfway
VECTORS = np.array([[1.0, 0], [2, 0], [0, 3], [1, 1]])
POOL, SCORES = np.array([[0, 1, 2, 3]]), np.array([[10.0, 9, 6, 0]])


def test_a_hand_worked_order() -> None:
    """With rel 1, .9, .6, 0 and knob .5 each gain is (rel − mean cos) / 2.

    First: film 0. Second: .9 − 1, .6 − 0 and 0 − .71, so the film across. The twin waits.
    """
    assert diverse_order(POOL, SCORES, VECTORS, 0.5, shown=2).tolist() == [[0, 2, 1, 3]]


def test_a_knob_of_one_looks_at_likeness_alone() -> None:
    """After films 0 and 2 the means are (1 + 0) / 2 for the twin and .71 for the halfway film."""
    assert diverse_order(POOL, SCORES, VECTORS, 1.0, shown=3).tolist() == [[0, 1, 2, 3]]
    assert diverse_order(POOL, SCORES, VECTORS, 1.0, shown=2).tolist() == [[0, 2, 1, 3]]


def test_the_twin_loses_its_place_where_its_lead_is_less_than_its_likeness() -> None:
    """.9(1 − k) − k against .6(1 − k): the twin stays second up to k = .3 / 1.3 ≈ .231."""
    assert diverse_order(POOL, SCORES, VECTORS, 0.23, shown=2)[0, 1] == 1
    assert diverse_order(POOL, SCORES, VECTORS, 0.24, shown=2)[0, 1] == 2


def test_what_is_shown_stands_in_the_base_order() -> None:
    """The film across is picked before the twin at any place."""
    order = diverse_order(np.array([[0, 1, 3, 2]]), SCORES, VECTORS, 0.9, shown=3)
    assert order.tolist() == [[0, 1, 3, 2]]


def test_scores_count_within_the_pool_whatever_their_scale() -> None:
    other = diverse_order(POOL, 7 * SCORES - 100, VECTORS, 0.3, shown=2)
    assert other.tolist() == diverse_order(POOL, SCORES, VECTORS, 0.3, shown=2).tolist()


def test_a_short_pool_keeps_its_empty_places_at_the_end() -> None:
    pool = np.array([[0, 1, 2], [2, -1, -1]])
    order = diverse_order(pool, np.zeros((2, 3)), VECTORS, 1.0, shown=2)
    assert order.tolist() == [[0, 2, 1], [0, 1, 2]]


def test_nobody_gives_no_order() -> None:
    assert diverse_order(np.empty((0, 4), int), np.empty((0, 4)), VECTORS, 0.5).shape == (0, 4)


def made_up(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    pool = np.stack([draw.permutation(60)[:30] for _ in range(5)])
    scores = -np.sort(-draw.normal(size=(5, 30)), axis=1).round(1)  # with ties
    return pool, scores, draw.normal(size=(60, 4))


@given(seed=st.integers(0, 2**32 - 1))
def test_a_knob_of_zero_keeps_the_base_order(seed: int) -> None:
    order = diverse_order(*made_up(seed), 0.0)
    assert (order == np.arange(30)).all()


@given(seed=st.integers(0, 2**32 - 1), knob=st.floats(0, 1))
def test_an_order_is_a_permutation_of_the_pool_and_begins_with_its_first(
    seed: int, knob: float
) -> None:
    order = diverse_order(*made_up(seed), knob)
    assert (np.sort(order, axis=1) == np.arange(30)).all()
    assert (order[:, 0] == 0).all()


@given(seed=st.integers(0, 2**32 - 1), knob=st.floats(0, 1))
def test_each_user_is_ordered_alone(seed: int, knob: float) -> None:
    pool, scores, vectors = made_up(seed)
    alone = [diverse_order(pool[[u]], scores[[u]], vectors, knob)[0] for u in range(5)]
    np.testing.assert_array_equal(diverse_order(pool, scores, vectors, knob), alone)


def test_lists_do_not_get_less_diverse_on_average_as_the_knob_rises() -> None:
    draw = np.random.default_rng(3)
    vectors = draw.normal(size=(500, 8))
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    pool = np.stack([draw.permutation(500)[:50] for _ in range(300)])
    scores = -np.sort(-draw.normal(size=pool.shape), axis=1)
    unlike = []
    for knob in (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0):
        order = diverse_order(pool, scores, vectors, knob)
        v = units[np.take_along_axis(pool, order, axis=1)[:, :10]]
        unlike.append(1 - (((v.sum(axis=1) ** 2).sum(axis=1) - 10) / 90).mean())
    assert unlike == sorted(unlike)
    assert unlike[-1] > unlike[0] + 0.05


def test_a_film_without_a_vector_is_like_no_other() -> None:
    vectors = np.array([[1.0, 0], [1, 0], [0, 0]])
    order = diverse_order(np.array([[0, 1, 2]]), np.ones((1, 3)), vectors, 1.0, shown=2)
    assert order.tolist() == [[0, 2, 1]]


@pytest.mark.parametrize("knob", [0.0, 0.5, 1.0])
def test_an_empty_pool_stays_empty(knob: float) -> None:
    assert diverse_order(np.full((1, 2), -1), np.zeros((1, 2)), VECTORS, knob).tolist() == [[0, 1]]
