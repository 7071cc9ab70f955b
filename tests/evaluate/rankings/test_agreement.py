"""Kendall's τ and who is left unchanged."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from stages.contracts.metrics.rerankings import Agreement
from stages.evaluate.rankings.agreement import agreement, kendall
from stages.metrics.catalogue import EMPTY

BASE = np.array([[7, 8, 9, 5], [1, 2, EMPTY, EMPTY], [4, EMPTY, EMPTY, EMPTY], [EMPTY] * 4])


NOBODY = Agreement(users=0, tau=None, unchanged=None)


def test_tau_by_hand() -> None:
    """One of six pairs turned: 1 − 2·(1/6); one of one turned: −1; one film or none: no pair."""
    reranked = np.array([[8, 7, 9, 5], [2, 1, EMPTY, EMPTY], [4, EMPTY, EMPTY, EMPTY], [EMPTY] * 4])
    assert kendall(BASE, reranked) == pytest.approx([1 - 4 / 12, -1, np.nan, np.nan], nan_ok=True)


def test_the_mean_and_the_share_are_over_users_with_a_pair() -> None:
    reranked = np.array([[5, 9, 8, 7], [1, 2, EMPTY, EMPTY], [4, EMPTY, EMPTY, EMPTY], [EMPTY] * 4])
    assert agreement(BASE, reranked) == Agreement(users=2, tau=0.0, unchanged=0.5)


def test_nobody_with_a_pair_gives_no_number() -> None:
    assert agreement(BASE[2:], BASE[2:]) == NOBODY
    assert agreement(np.empty((3, 0), int), np.empty((3, 0), int)) == NOBODY


@given(st.integers(2, 12).flatmap(lambda n: st.permutations(range(n))))
def test_tau_agrees_with_scipy(order: list[int]) -> None:
    base = np.arange(len(order))
    expected = kendalltau(base, np.argsort(order)).statistic
    assert kendall(base[None], np.array([order]))[0] == pytest.approx(expected)
