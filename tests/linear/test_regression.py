"""Regressions on the nearest items are those on all where all are near."""

import numpy as np
import pytest
import scipy.sparse as sp

from stages.core.errors import InputError
from stages.linear import nearby
from stages.linear.alike import LowRank
from stages.linear.regression import balanced, linear_weights, ridge_weights

DRAW = np.random.default_rng(5)
X = sp.csr_matrix((DRAW.random((60, 8)) * (DRAW.random((60, 8)) < 0.6)).astype(np.float32))
N = sp.csr_matrix((DRAW.random((60, 8)) < 0.4).astype(np.float32))
F = DRAW.normal(size=(8, 3))
S = sp.csr_matrix(np.triu(DRAW.random((8, 8)), 1))
S = sp.csr_matrix(S + S.T)
D = LowRank(DRAW.normal(size=(8, 2)), DRAW.normal(size=(8, 2)))


@pytest.mark.parametrize("drawn", [None, D])
@pytest.mark.parametrize(("features", "turns"), [(None, None), (F, None), (None, S), (F, S)])
def test_where_all_items_are_near_the_weights_are_those_of_the_inverse(
    features: np.ndarray | None, turns: sp.csr_matrix | None, drawn: LowRank | None
) -> None:
    whole = linear_weights(X, 3.0, 0.5, features, turns, drawn=drawn)
    near = linear_weights(X, 3.0, 0.5, features, turns, most_items=7, drawn=drawn)
    assert sp.issparse(near)
    assert near.toarray() == pytest.approx(whole, abs=1e-5)  # type: ignore[union-attr]


def test_so_are_those_of_what_follows() -> None:
    gram, wanted = sp.csr_matrix(X.T @ X), sp.csr_matrix(X.T @ N)
    whole, near = (ridge_weights(gram, wanted, 2.0, most) for most in (8, 7))
    assert near.toarray() == pytest.approx(whole, abs=1e-5)  # type: ignore[union-attr]
    x, n = X.toarray(), N.toarray()
    assert x.T @ (x @ whole - n) + 2.0 * whole == pytest.approx(np.zeros((8, 8)), abs=1e-3)


def test_a_singular_system_is_one_sentence() -> None:
    twice = sp.csr_matrix(np.ones((3, 8), dtype=np.float32))
    with pytest.raises(InputError, match=r"too close to singular .* higher l2"):
        linear_weights(twice, 0.0, most_items=7)


def test_balance_keeps_ratings_that_count_nothing() -> None:
    """A rating of the lowest grade is a rating, for an item's number of them."""
    graded = sp.csr_matrix((np.array([1.0, 0.0, 1.0]), ([0, 0, 1], [0, 1, 1])), shape=(2, 2))
    kept = balanced(graded, 0.5)
    assert kept.nnz == 3
    assert kept.power(2).sum() == pytest.approx(2)


def test_the_nearest_are_chosen_by_their_products_and_solved_for_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nearby, "NEAREST", 3)
    found = linear_weights(X, 3.0, most_items=7).toarray()  # type: ignore[union-attr]
    gram = (X.T @ X).toarray()
    for j in range(8):
        near = [i for i in np.argsort(-gram[j] / np.sqrt(np.diag(gram))) if i != j][:3]
        weights = np.zeros(8)
        weights[near] = np.linalg.solve(gram[np.ix_(near, near)] + 3 * np.eye(3), gram[near, j])
        assert found[:, j] == pytest.approx(weights, abs=1e-5)


@pytest.mark.parametrize("most", [8, 7])
def test_degree_is_a_scale_of_the_columns_and_discount_one_of_the_weights(most: int) -> None:
    """EASE of X·diag(n^(−g/2)) is B with each B_ij times (n_i / n_j)^(−g/2)."""
    n = np.asarray((X > 0).sum(axis=0)).ravel()
    scaled = sp.csr_matrix(X @ sp.diags(n**-0.25))
    plain = linear_weights(scaled, 3.0)
    wanted = plain * (n[:, None] / n) ** -0.25 * n**-0.3
    found = linear_weights(X, 3.0, most_items=most, degree=0.5, discount=0.3)
    assert sp.csr_matrix(found).toarray() == pytest.approx(wanted, abs=1e-5)
