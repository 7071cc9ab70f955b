"""The inverse of a matrix items × items, by Cholesky's factors and in place."""

import numpy as np
from scipy.linalg import get_lapack_funcs

from stages.core.errors import InputError

DOUBLE = 5_000
"""With more items than this, a matrix is in float32: half the memory and time."""
BLOCK = 1024
"""Rows that are mirrored at a time."""


def products_type(n_items: int) -> type[np.floating]:
    """The type of numbers of a matrix items × items that is to be inverted."""
    return np.float64 if n_items <= DOUBLE else np.float32


def inverted(gram: np.ndarray) -> np.ndarray:
    """The inverse of a symmetric, positive definite matrix (items, items), which it overwrites.

    gram: in C order. One that is too close to singular for its type raises an InputError.
    """
    potrf, potri = get_lapack_funcs(("potrf", "potri"), (gram,))
    # The transpose of a symmetric matrix in C order is itself in Fortran's, so nothing is copied.
    factor, wrong = potrf(gram.T, lower=1, overwrite_a=1, clean=0)
    if not wrong:
        factor, wrong = potri(factor, lower=1, overwrite_c=1)
    if wrong:
        raise InputError(
            "the products of ratings are too close to singular to be inverted; give the model a "
            "higher l2"
        )
    inverse: np.ndarray = factor.T  # its upper triangle
    for start in range(0, len(inverse), BLOCK):
        part = slice(start, start + BLOCK)
        inverse[start + BLOCK :, part] = inverse[part, start + BLOCK :].T
        corner = inverse[part, part]
        inverse[part, part] = np.triu(corner) + np.triu(corner, 1).T
    return inverse
