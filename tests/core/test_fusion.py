"""Fusion of a judge with the graph's order: hand-worked, and its laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stages.core.fusion import fused_order, fused_scores, place_values

JUDGES = st.integers(1, 40).flatmap(lambda n: arrays(np.float64, (3, n), elements=st.sampled_from([0, 0.25, 0.5, 1])))


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
def test_the_order_is_a_permutation_and_the_scores_lie_between_nought_and_one(judge: np.ndarray, weight: float) -> None:
    assert (np.sort(fused_order(judge, weight)) == np.arange(judge.shape[-1])).all()
    assert ((fused_scores(judge, weight) >= 0) & (fused_scores(judge, weight) <= 1 + 1e-9)).all()


@given(JUDGES, st.floats(0, 1))
def test_each_row_is_fused_by_itself(judge: np.ndarray, weight: float) -> None:
    assert fused_order(judge, weight).tolist() == [fused_order(row, weight).tolist() for row in judge]
