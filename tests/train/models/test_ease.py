"""EASE's closed form, with features and turns, against its definition."""

import numpy as np
import pytest
import scipy.sparse as sp

from stages.train.models.ease import balanced, item_weights

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
    assert item_weights(sp.csr_matrix(X), 3.0, growth) == pytest.approx(wanted, abs=1e-6)


def test_features_are_further_rows_and_turns_further_products_to_reproduce() -> None:
    wanted = solved(3.0, 1.0, F, S)
    found = item_weights(sp.csr_matrix(X), 3.0, 1.0, F, sp.csr_matrix(S))
    assert found == pytest.approx(wanted, abs=1e-5)
    assert np.abs(found - item_weights(sp.csr_matrix(X), 3.0, 1.0, F)).max() > 0.01


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
