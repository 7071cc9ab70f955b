"""Bradley–Terry against cases worked by hand, and laws of it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.rerank.bradley_terry import merged, strengths, wins_of


def test_an_order_counts_for_each_pair_in_it() -> None:
    assert wins_of([[2, 0], [0, 2, 1]], 3).tolist() == [[0, 1, 1], [0, 0, 0], [1, 1, 0]]


def test_two_wins_of_three_mean_twice_the_strength() -> None:
    found = strengths(np.array([[0.0, 2.0], [1.0, 0.0]]), prior=1e-9)
    assert np.exp(found[0] - found[1]) == pytest.approx(2)


def test_one_win_with_the_prior_by_hand() -> None:
    """With π = (s, 1/s): s²/(s² + 1) + s/(s + 1) = 3/2, so s³ − s² − s − 3 = 0, s = 2.13040."""
    found = np.exp(strengths(np.array([[0.0, 1.0], [0.0, 0.0]])))
    assert found == pytest.approx([2.13040, 1 / 2.13040], abs=1e-5)


def test_three_that_beat_each_other_in_turn_are_equal() -> None:
    assert strengths(wins_of([[0, 1], [1, 2], [2, 0]], 3)) == pytest.approx([0, 0, 0])


def test_beating_a_strong_one_is_worth_more_than_beating_a_weak_one() -> None:
    """0 before 1, 2 before 3, 1 before 3: films 0 and 2 won once each, 0 against the better one."""
    assert merged([[0, 1], [2, 3], [1, 3]], 4)[:2] == [0, 2]


def test_without_orders_the_base_order_stays() -> None:
    assert merged([], 4) == [0, 1, 2, 3]
    assert merged([[], [2]], 4) == [0, 1, 2, 3]


@given(st.lists(st.permutations(range(6)).map(lambda order: order[:4]), max_size=8))
def test_the_fit_is_where_wins_equal_their_expectation(orders: list[list[int]]) -> None:
    wins = wins_of(orders, 6)
    found = strengths(wins)
    likely = 1 / (1 + np.exp(found[None, :] - found[:, None]))
    expected = ((wins + wins.T) * likely).sum(axis=1) + 1 / (1 + np.exp(-found))
    np.testing.assert_allclose(expected, wins.sum(axis=1) + 0.5, atol=1e-7)


@given(st.permutations(range(7)), st.integers(1, 50))
def test_one_order_of_all_said_any_number_of_times_is_the_result(
    order: list[int], times: int
) -> None:
    assert merged([order] * times, 7) == list(order)
