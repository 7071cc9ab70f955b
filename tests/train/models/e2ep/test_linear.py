"""The linear part against its definition, and items rated in turn counted by hand."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse as sp

from stages.linear.regression import balanced, linear_weights
from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.linear import HELD_PAIRS, WINDOW, in_turn

DRAW = np.random.default_rng(5)
X = (DRAW.random((12, 6)) * (DRAW.random((12, 6)) < 0.5)).astype(np.float32)
F = DRAW.normal(size=(6, 3))
S = np.triu(DRAW.random((6, 6)), 1)
S = S + S.T


def solved(l2: float, growth: float, features: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """Column for column: the regression of an item on the others, (A₋ⱼ₋ⱼ)⁻¹ C₋ⱼⱼ."""
    gram = X.astype(float).T @ X + features @ features.T
    held = l2 + growth * (X.astype(float) ** 2).sum(axis=0)
    weights = np.zeros((6, 6))
    for j in range(6):
        others = np.arange(6) != j
        left = gram[np.ix_(others, others)] + np.diag(held[others])
        weights[others, j] = np.linalg.solve(left, (gram + turns)[others, j])
    return weights


@pytest.mark.parametrize("growth", [0.0, 2.0])
def test_weights_are_the_regression_of_each_item_on_the_others(growth: float) -> None:
    wanted = solved(3.0, growth, np.zeros((6, 1)), np.zeros((6, 6)))
    assert linear_weights(sp.csr_matrix(X), 3.0, growth) == pytest.approx(wanted, abs=1e-6)


def test_features_are_further_rows_and_turns_further_products_to_reproduce() -> None:
    wanted = solved(3.0, 1.0, F, S)
    found = linear_weights(sp.csr_matrix(X), 3.0, 1.0, F, sp.csr_matrix(S))
    assert found == pytest.approx(wanted, abs=1e-5)
    assert np.abs(found - linear_weights(sp.csr_matrix(X), 3.0, 1.0, F)).max() > 0.01


@pytest.mark.parametrize(
    ("balance", "squares"), [(0.0, [4, 1]), (0.5, [10 / 3, 5 / 3]), (1.0, [2.5, 2.5])]
)
def test_a_balance_makes_the_users_squares_alike_and_keeps_their_sum(
    balance: float, squares: list[float]
) -> None:
    """User 0 has four ratings, one of which counts nothing and one twice; user 1 has one."""
    ratings = sp.csr_matrix(
        ([0.0, 2.0**0.5, 1.0, 1.0, 1.0], ([0, 0, 0, 0, 1], [0, 1, 2, 3, 1])), shape=(2, 4)
    )
    found = balanced(ratings, balance)
    assert np.asarray(found.power(2).sum(axis=1)).ravel() == pytest.approx(squares)
    assert found[1].toarray()[0].nonzero()[0].tolist() == [1]


def rated(*items: int, n_items: int) -> TrainingData:
    """One user, who rated these items in this order."""
    user, seconds = np.zeros(len(items), int), 1 + np.arange(len(items))
    return TrainingData(
        user, np.array(items), np.full(len(items), 5.0), 1, n_items, timestamp=seconds
    )


def test_two_films_in_turn_by_hand() -> None:
    """S_01 = 2·3 = 6; s = (m + 6, m + 6, m), so that Ŝ_01 = 6 (m + 4) / (m + 6)."""
    found = in_turn(rated(0, 1, n_items=3), np.array([2.0, 3.0])).toarray()
    wanted = 6 * (HELD_PAIRS + 4) / (HELD_PAIRS + 6)
    pair = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    np.testing.assert_allclose(found, wanted * pair)


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
