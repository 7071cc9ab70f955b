"""The sequence part: S, N and T by hand, how a history fades, and that it learns an order."""

import numpy as np
import pytest

from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.sequence import (
    before_and_after,
    faded_history,
    latest,
    sequence_part,
)
from stages.train.models.e2ep.settings import Span

E, HALF = np.exp(-1), np.exp(-0.5)
# User 0 takes up items 0, 1, 2; user 1 item 2, then 0. Rows are in no order.
DATA = TrainingData(
    np.array([1, 0, 0, 1, 0]),
    np.array([0, 2, 0, 2, 1]),
    np.array([5.0, 1.0, 4.0, 3.0, 5.0]),
    2,
    3,
    order=np.array([1, 2, 0, 0, 1]),
)


S = np.array([[1, 0, 0], [E, 1, 0], [E**2, E, 1], [0, 0, 1], [1, 0, E]])
N = np.array([[0, 1, HALF], [0, 0, 1], [0, 0, 0], [1, 0, 0], [0, 0, 0]])
"""Of DATA over a past of 1 and the next 2: a row per rating, user 0's first."""


def test_products_are_those_of_before_and_after_by_hand() -> None:
    before, after = before_and_after(DATA, Span(past=1.0, next=2))
    assert before.toarray() == pytest.approx(S.T @ S)
    assert after.toarray() == pytest.approx(S.T @ N)


def test_products_are_cut_where_windows_and_lists_end() -> None:
    """Lists of 0 to 9 ratings, with a window of 4 that is shorter than most."""
    draw, span = np.random.default_rng(2), Span(past=1.2, next=3)
    user = np.repeat(np.arange(10), np.arange(10))
    item = draw.integers(0, 5, len(user))
    nth = np.concatenate([np.arange(n) for n in range(10)])
    data = TrainingData(user, item, np.ones(len(user)), 10, 5, order=nth)
    s, n = np.zeros((2, len(user), 5))
    for t in range(len(user)):
        for other in np.flatnonzero(user == user[t]):
            if 0 <= t - other < 4:
                s[t, item[other]] += np.exp(-(t - other) / 1.2)
            if 1 <= other - t <= 3:
                n[t, item[other]] += np.exp(-(other - t - 1) / 3)
    before, after = before_and_after(data, span)
    assert before.toarray() == pytest.approx(s.T @ s)
    assert after.toarray() == pytest.approx(s.T @ n)


def test_the_part_is_the_ridge_regression_of_what_follows() -> None:
    t = sequence_part(DATA, Span(past=1.0, next=2, l2=0.5)).astype(np.float64)
    assert S.T @ (S @ t - N) + 0.5 * t == pytest.approx(np.zeros((3, 3)), abs=1e-5)


def test_without_an_order_all_of_a_history_counts() -> None:
    unordered = TrainingData(DATA.user, DATA.item, DATA.rating, 2, 3)
    assert faded_history(unordered, 0.5).tolist() == [1] * 5


def test_the_latest_ratings_count_most() -> None:
    assert latest(DATA, 1.0) == pytest.approx(np.exp(-np.array([0.0, 0, 2, 1, 1])))
    long = TrainingData(np.zeros(9, int), np.arange(9), np.ones(9), 1, 9, order=np.arange(9))
    assert np.flatnonzero(latest(long, 1.0)).tolist() == [5, 6, 7, 8]


def test_a_history_fades_over_a_share_of_it_or_three_ratings() -> None:
    assert faded_history(DATA, 0.5) == pytest.approx(np.exp(-np.array([0.0, 0, 2, 1, 1]) / 3))
    ten = TrainingData(np.zeros(10, int), np.arange(10), np.ones(10), 1, 10, order=np.arange(10))
    assert faded_history(ten, 0.5) == pytest.approx(np.exp(-np.arange(9, -1, -1) / 5))


def test_it_learns_a_cycle() -> None:
    """Everybody goes round the items, so that after each comes the next."""
    steps = (np.arange(30)[None] + np.arange(20)[:, None]) % 6
    data = TrainingData(
        np.repeat(np.arange(20), 30),
        steps.ravel(),
        np.full(600, 5.0),
        20,
        6,
        order=np.tile(np.arange(30), 20),
    )
    t = sequence_part(data, Span(past=0.3, next=1, l2=1.0))
    assert t.argmax(axis=1).tolist() == [1, 2, 3, 4, 5, 0]
