"""Calibration by genre, by hand and by its laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.contracts.beyond.calibrated import calibrated_order, divergence
from stages.contracts.beyond.genres import history_shares, item_shares

# Four dramas and a comedy, which comes last in the base's order
SHARES = item_shares([["Drama"]] * 4 + [["Comedy"]])
POOL, SCORES = np.array([[0, 1, 2, 3, 4]]), np.array([[4.0, 3, 2, 1, 0]])
HALF = np.array([[0.5, 0.5]])


def test_shares_of_items_are_equal_over_their_genres() -> None:
    shares = item_shares([["Drama", "Comedy"], [], None, ["Drama"]])
    assert shares.tolist() == [[0.5, 0.5], [0, 0], [0, 0], [0, 1]]


def test_a_history_is_the_mean_of_its_items_with_a_genre() -> None:
    shares = item_shares([["Drama", "Comedy"], [], ["Drama"]])
    history = history_shares(np.array([0, 0, 0, 2]), np.array([0, 1, 2, 1]), shares, 3)
    assert history.tolist() == [[0.25, 0.75], [0, 0], [0, 0]]


def test_the_divergence_of_steck_by_hand() -> None:
    """P = (.7, .3), q = (1, 0), α = .01: q̃ = (.997, .003)."""
    expected = 0.7 * np.log(0.7 / 0.997) + 0.3 * np.log(0.3 / 0.003)
    assert divergence(np.array([0.7, 0.3]), np.array([1.0, 0])) == pytest.approx(expected)


def test_the_divergence_is_zero_between_equals_and_without_a_history() -> None:
    assert divergence(np.array([0.7, 0.3]), np.array([0.7, 0.3])) == pytest.approx(0)
    assert divergence(np.zeros(2), np.array([0.7, 0.3])) == 0


def test_a_hand_worked_order() -> None:
    """The scores on a scale of 1 are 1, .75, .5, .25, 0; p = (½, ½); knob .5; KL with α = .01.

    First: every film leaves one genre out, so rel decides: film 0. Second: a drama leaves q at
    (0, 1) and costs ½ ln(.5/.005) + ½ ln(.5/.995) = 1.96; the comedy gives (½, ½) and costs 0, more
    than its 0 lacks of .75. Third: (⅓, ⅔) whichever drama comes, so the next in order.
    """
    assert calibrated_order(POOL, SCORES, SHARES, HALF, 0.5, shown=2).tolist() == [[0, 4, 1, 2, 3]]


def test_a_small_knob_weighs_the_loss_of_relevance_against_the_gain() -> None:
    """The comedy is second where k · 1.96 > .75 (1 − k): from k = .277."""
    assert calibrated_order(POOL, SCORES, SHARES, HALF, 0.27, shown=2)[0, 1] == 1
    assert calibrated_order(POOL, SCORES, SHARES, HALF, 0.28, shown=2)[0, 1] == 4


def test_a_user_without_a_known_history_keeps_the_base_order() -> None:
    order = calibrated_order(POOL, SCORES, SHARES, np.zeros((1, 2)), 1.0)
    assert order.tolist() == [[0, 1, 2, 3, 4]]


def test_a_list_in_the_shares_of_the_history_stays_so() -> None:
    """Three dramas to one comedy are asked for: three of the first four are dramas."""
    order = calibrated_order(POOL, SCORES, SHARES, np.array([[0.25, 0.75]]), 1.0, shown=4)
    assert (order[0, :4] == 4).sum() == 1


def made_up(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    names = list("abcdef")
    genres = [list(draw.choice(names, draw.integers(0, 4), replace=False)) for _ in range(60)]
    shares = item_shares([*genres, names])
    pool = np.stack([draw.permutation(60)[:30] for _ in range(5)])
    scores = -np.sort(-draw.normal(size=(5, 30)), axis=1).round(1)  # with ties
    history = history_shares(draw.integers(0, 5, 20), draw.integers(0, 60, 20), shares, 5)
    return pool, scores, shares, history


@given(seed=st.integers(0, 2**32 - 1))
def test_a_knob_of_zero_keeps_the_base_order(seed: int) -> None:
    assert (calibrated_order(*made_up(seed), 0.0) == np.arange(30)).all()


@given(seed=st.integers(0, 2**32 - 1), knob=st.floats(0, 1))
def test_an_order_is_a_permutation_of_the_pool(seed: int, knob: float) -> None:
    order = calibrated_order(*made_up(seed), knob)
    assert (np.sort(order, axis=1) == np.arange(30)).all()


def test_lists_do_not_get_less_calibrated_on_average_as_the_knob_rises() -> None:
    apart = []
    for knob in (0.0, 0.1, 0.3, 0.6, 1.0):
        values = []
        for seed in range(40):
            pool, scores, shares, p = made_up(seed)
            order = calibrated_order(pool, scores, shares, p, knob)
            shown = np.take_along_axis(pool, order, axis=1)[:, :10]
            q = shares[shown].sum(axis=1)
            values.append(divergence(p, q / q.sum(axis=1, keepdims=True)).mean())
        apart.append(np.mean(values))
    assert apart == sorted(apart, reverse=True)
    assert apart[-1] < 0.5 * apart[0]
