"""Weights from features alone, by hand and by their definition, and what is drawn towards them."""

import numpy as np
import pytest
import scipy.sparse as sp

from stages.linear.alike import LowRank, alike
from stages.linear.regression import linear_weights

DRAW = np.random.default_rng(5)
F = DRAW.normal(size=(7, 3))
X = (DRAW.random((12, 7)) * (DRAW.random((12, 7)) < 0.5)).astype(np.float32)
C = DRAW.normal(size=(7, 2)), DRAW.normal(size=(7, 2))
APART = ~np.eye(7, dtype=bool)


def test_two_items_of_one_feature_by_hand() -> None:
    """F = (1, 2)ᵀ, λ = 5: H = FFᵀ/10, so C_01 = .2 / (1 − .4) and C_10 = .2 / (1 − .1)."""
    left, right = alike(np.array([[1.0], [2.0]]), 5.0)
    found = left @ right.T
    assert [found[0, 1], found[1, 0]] == pytest.approx([1 / 3, 2 / 9])


def test_they_are_the_regression_of_each_items_features_on_the_others() -> None:
    left, right = alike(F, 2.0)
    for j in range(7):
        others = np.arange(7) != j
        gram = F[others] @ F[others].T + 2.0 * np.eye(6)
        wanted = np.linalg.solve(gram, F[others] @ F[j])
        assert (left @ right.T)[others, j] == pytest.approx(wanted)


def test_an_item_without_features_says_nothing_and_is_told_nothing() -> None:
    left, right = alike(np.vstack([F, np.zeros(3)]), 2.0)
    assert not (left @ right.T)[7].any()
    assert not (left @ right.T)[:, 7].any()


@pytest.mark.parametrize("l2", [1.0, 5.0])
def test_ratings_weights_are_drawn_so_that_their_loss_is_least(l2: float) -> None:
    """‖X − XB‖² + (l2 − μ)‖B‖² + μ‖B − C‖² has no slope off the diagonal, even for l2 < μ."""
    mu, x = 3.0, X.astype(float)
    found = linear_weights(sp.csr_matrix(X), l2, drawn=LowRank(mu * C[0], C[1]))
    assert isinstance(found, np.ndarray)
    slope = x.T @ (x @ found - x) + (l2 - mu) * found + mu * (found - C[0] @ C[1].T)
    assert slope[APART] == pytest.approx(0, abs=1e-4)
    assert not np.diag(found).any()


def test_without_ratings_the_weights_are_what_they_are_drawn_to() -> None:
    found = linear_weights(sp.csr_matrix((2, 7)), 4.0, drawn=LowRank(4.0 * C[0], C[1]))
    assert isinstance(found, np.ndarray)
    assert found[APART] == pytest.approx((C[0] @ C[1].T)[APART], abs=1e-6)
