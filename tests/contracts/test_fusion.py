"""Fusion of a judge with the graph's order: hand-worked, and its laws."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stages.contracts.fusion import (
    fused_order,
    fused_scores,
    most_gained,
    most_gained_alone,
    place_values,
)

JUDGES = st.integers(1, 40).flatmap(
    lambda n: arrays(np.float64, (3, n), elements=st.sampled_from([0, 0.25, 0.5, 1]))
)


def test_places_fall_evenly_from_one_to_nought() -> None:
    assert place_values(5).tolist() == [1.0, 0.75, 0.5, 0.25, 0.0]


def test_a_single_candidate_is_worth_one() -> None:
    assert place_values(1).tolist() == [1.0]


def test_three_candidates_worked_by_hand() -> None:
    scores = fused_scores(np.array([0.5, 0.9, 0.7]))
    assert scores == pytest.approx([0.8 * 0.5 + 0.2 * 1.0, 0.8 * 0.9 + 0.2 * 0.5, 0.8 * 0.7])
    assert fused_order(np.array([0.5, 0.9, 0.7])).tolist() == [1, 0, 2]


def test_a_tie_keeps_the_graphs_order() -> None:
    assert fused_order(np.array([0.5, 1.0, 0.5]), weight=0.5).tolist() == [0, 1, 2]
    assert fused_order(np.array([0.2, 0.7, 0.7]), weight=1.0).tolist() == [1, 2, 0]


@given(JUDGES)
def test_weight_nought_is_the_graphs_order(judge: np.ndarray) -> None:
    assert (fused_order(judge, 0.0) == np.arange(judge.shape[-1])).all()


@given(JUDGES)
def test_weight_one_is_the_judges_order(judge: np.ndarray) -> None:
    plain = [sorted(range(judge.shape[-1]), key=lambda place: -row[place]) for row in judge]
    assert fused_order(judge, 1.0).tolist() == plain


@given(JUDGES, st.floats(0, 1))
def test_the_order_is_a_permutation_and_the_scores_lie_between_nought_and_one(
    judge: np.ndarray, weight: float
) -> None:
    assert (np.sort(fused_order(judge, weight)) == np.arange(judge.shape[-1])).all()
    assert ((fused_scores(judge, weight) >= 0) & (fused_scores(judge, weight) <= 1 + 1e-9)).all()


@given(JUDGES, st.floats(0, 1))
def test_each_row_is_fused_by_itself(judge: np.ndarray, weight: float) -> None:
    assert fused_order(judge, weight).tolist() == [
        fused_order(row, weight).tolist() for row in judge
    ]


def gains(judge: np.ndarray, weight: float) -> np.ndarray:
    """Places that each candidate of one pool gains, by its place in the base order."""
    return np.arange(len(judge)) - np.argsort(fused_order(judge, weight))


@given(JUDGES, st.floats(0, 1))
def test_no_judge_lifts_a_candidate_further_than_the_bound(
    judge: np.ndarray, weight: float
) -> None:
    assert all(gains(row, weight).max() <= most_gained(judge.shape[-1], weight) for row in judge)


@pytest.mark.parametrize("weight", [0.1, 0.25, 0.3, 0.4, 0.5, 0.8])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_the_bound_holds_for_every_judge_of_a_few_values(n: int, weight: float) -> None:
    judges = np.array(list(itertools.product([0, 0.5, 1], repeat=n)))
    assert max(gains(judge, weight).max() for judge in judges) <= most_gained(n, weight)


@pytest.mark.parametrize(
    ("n", "weight", "most"), [(20, 0.3, 8), (20, 0.1, 2), (30, 0.45, 23), (20, 0.8, 19), (20, 0, 0)]
)
def test_a_judge_that_likes_one_film_alone_reaches_the_bound(
    n: int, weight: float, most: int
) -> None:
    assert most_gained(n, weight) == most
    assert gains(np.eye(n)[n - 1], weight)[n - 1] == most


def obeying(n: int, place: int) -> np.ndarray:
    """Values of a judge that puts one place first and otherwise keeps the base order."""
    order = [place, *(other for other in range(n) if other != place)]
    return place_values(n)[np.argsort(order)]


@given(
    st.integers(1, 40).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))),
    st.floats(0, 1),
)
def test_a_judge_that_agrees_on_all_others_lifts_one_no_further_than_its_share(
    pool: tuple[int, int], weight: float
) -> None:
    n, place = pool
    gain = gains(obeying(n, place), weight)[place]
    assert most_gained_alone(place, weight) - 1 <= gain <= most_gained_alone(place, weight)
    assert gain <= most_gained(n, weight)


@pytest.mark.parametrize(
    ("place", "weight", "most"),
    [(18, 0.8, 15), (4, 0.3, 1), (19, 0.26, 5), (7, 0.0, 0), (7, 1.0, 7)],
)
def test_the_share_by_hand(place: int, weight: float, most: int) -> None:
    """The largest gain below .8 · 19 = 15.2, .3 · 5 = 1.5 and .26 · 20 = 5.2."""
    assert most_gained_alone(place, weight) == most
    assert gains(obeying(20, place), weight)[place] == most
