"""The inverse in place, on both sides of a block's edge, and a sentence where there is none."""

import numpy as np
import pytest

from stages.core.errors import InputError
from stages.train.fitting.inverse import BLOCK, DOUBLE, inverted, products_type


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


def test_a_matrix_that_is_not_positive_definite_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="give the model a higher l2"):
        inverted(np.array([[1.0, 2.0], [2.0, 1.0]]))


def test_many_items_are_inverted_in_single_precision() -> None:
    assert products_type(DOUBLE) == np.float64
    assert products_type(DOUBLE + 1) == np.float32
