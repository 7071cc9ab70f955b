"""Products and inverse in place, on both sides of a block's edge; float64 where it is needed."""

from collections.abc import Callable

import numpy as np
import pytest
import scipy.sparse as sp

from stages.core.errors import InputError
from stages.linear import inverse
from stages.linear.inverse import (
    BLOCK,
    DOUBLE,
    inverted,
    products,
    regressions,
)


def ratings(users: int, items: int) -> sp.csr_matrix:
    """Ones and halves, a hundred of them per item."""
    draw = np.random.default_rng(0)
    user, item = draw.integers(users, size=100 * items), np.repeat(np.arange(items), 100)
    values = draw.choice([0.5, 1.0], len(user)).astype(np.float32)
    return sp.csr_matrix((values, (user, item)), shape=(users, items))


@pytest.mark.parametrize("n", [1, 3, BLOCK - 1, BLOCK, BLOCK + 3])
@pytest.mark.parametrize(("kind", "near"), [(np.float64, 1e-12), (np.float32, 1e-4)])
def test_the_inverse_takes_the_place_of_the_matrix(n: int, kind: type, near: float) -> None:
    wide = np.random.default_rng(0).random((n, 20))
    gram: np.ndarray = (wide @ wide.T + np.eye(n)).astype(kind)
    wanted = np.linalg.inv(gram.astype(np.float64))
    found = inverted(gram)
    assert found.dtype == kind
    assert np.shares_memory(found, gram)
    assert np.abs(found - wanted).max() < near
    assert np.array_equal(found, found.T)


@pytest.mark.parametrize("n", [8, 15, 2 * BLOCK + 3])
@pytest.mark.parametrize("most", [3, BLOCK])
def test_a_matrix_too_large_for_lapack_is_inverted_by_its_quarters(
    n: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = np.random.default_rng(0).random((n, 20))
    gram: np.ndarray = wide @ wide.T + np.eye(n)
    wanted = inverted(gram.copy())
    monkeypatch.setattr(inverse, "LAPACK", max(most, n // 9))
    found = inverted(gram)
    assert np.shares_memory(found, gram)
    assert np.abs(found - wanted).max() < 1e-10


@pytest.mark.parametrize("n", [1, BLOCK - 1, BLOCK, BLOCK + 3])
def test_products_made_in_blocks_are_the_plain_product(n: int) -> None:
    x = ratings(50, n)
    plain = (x.T @ x).toarray()
    assert np.array_equal(products(x, 3.0), plain + 3.0 * np.eye(n))
    held = np.diag(3.0 + 2.0 * np.diag(plain))
    assert np.array_equal(products(x, 3.0, 2.0), plain + held)


def test_regressions_take_the_place_of_the_inverse() -> None:
    p = np.array([[2.0, -1.0], [-1.0, 4.0]], dtype=np.float32)
    found = regressions(p)
    assert np.shares_memory(found, p)
    assert found.tolist() == [[0.0, 0.25], [0.5, 0.0]]


def test_a_matrix_that_is_not_positive_definite_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="give the model a higher l2"):
        inverted(np.array([[1.0, 2.0], [2.0, 1.0]]))


def test_many_items_are_inverted_in_single_precision() -> None:
    for n, kind in ((DOUBLE, np.float64), (DOUBLE + 1, np.float32)):
        assert products(sp.csr_matrix((2, n), dtype=np.float32), 300.0).dtype == kind


@pytest.fixture
def in_kind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., np.ndarray]:
    """B of ratings in the kind of numbers that a size alone would ask for."""

    def weights(x: sp.csr_matrix, l2: float, double: int, condition: float) -> np.ndarray:
        monkeypatch.setattr(inverse, "DOUBLE", double)
        monkeypatch.setattr(inverse, "CONDITION", condition)
        return regressions(inverted(products(x, l2)))

    return weights


def test_single_precision_gives_the_same_weights_at_usual_settings(
    in_kind: Callable[..., np.ndarray],
) -> None:
    x = ratings(400, 300)
    single, double = in_kind(x, 30.0, 0, np.inf), in_kind(x, 30.0, 300, np.inf)
    assert np.abs(single - double).max() < 1e-4 * np.abs(double).max()


def test_two_nearly_equal_items_and_little_l2_need_double_precision(
    in_kind: Callable[..., np.ndarray],
) -> None:
    """Items 0 and 1 differ in one of 400 users: a difference that l2 no longer hides."""
    x = ratings(400, 300).tolil()
    x[:, 0] = x[:, 1] = np.ones((400, 1))
    x[0, 1] = 0.99
    x, l2 = sp.csr_matrix(x), 1e-4
    double = in_kind(x, l2, 300, np.inf)
    try:
        single = in_kind(x, l2, 0, np.inf)
        wrong = np.abs(single - double).max() > 0.05 * np.abs(double).max()
    except InputError:
        wrong = True
    assert wrong
    assert np.array_equal(in_kind(x, l2, 0, 1e6), double)  # what the rule decides
