"""The products of a sparse matrix's columns, and their inverse by Cholesky's factors, in place.

One matrix items × items is all that is held: 40,000 items in float32 take 6.4 GB. LAPACK is
asked for smaller inverses only, as the one that SciPy 1.17 brings (OpenBLAS 0.3.30) ends with a
segmentation fault in potrf at 37,000 items.
"""

from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp
from scipy.linalg import get_lapack_funcs

from stages.core.errors import InputError

DOUBLE = 5_000
"""Up to so many items a matrix is in float64; beyond, in float32: half the memory and time."""
CONDITION = 1e6
"""Beyond this bound of its condition a matrix is in float64: float32 may be wrong by 6 %."""
MOST_ITEMS = 42_000
"""The most items of a matrix by default: 7 GB."""
LAPACK = 16_384
"""The most items of a matrix that LAPACK inverts at once; more are inverted by their quarters."""
SINGULAR = (
    "the products of ratings are too close to singular to be inverted; give the model a higher l2"
)
BLOCK = 1024
"""Rows that are worked on at a time."""


def products(
    ratings: sp.csr_matrix,
    l2: float,
    growth: float = 0.0,
    degree: float = 0.0,
    features: np.ndarray | None = None,
) -> np.ndarray:
    """A = XᵀX + FFᵀ + Λ (items, items) for X (users, items) and F (items, columns).

    Λ is as `penalties` makes it. A is made a block of rows at a time, so that there is no other
    matrix of its size.
    """
    n_items = ratings.shape[1]
    turned = sp.csr_matrix(ratings.T)
    # The largest sum of a row of (1 + growth) XᵀX + FFᵀ, without signs
    sums = (1 + growth) * np.asarray(abs(turned) @ abs(ratings).sum(axis=1)).ravel()
    if features is not None:
        sums = sums + abs(features) @ abs(features).sum(axis=0)
    gram = np.empty((n_items, n_items), dtype=number_type(n_items, float(sums.max()), l2))
    for part in row_blocks(n_items):
        (turned[part] @ ratings).astype(gram.dtype).toarray(out=gram[part])
    diagonal = np.diag_indices_from(gram)
    gram[diagonal] += penalties(ratings, gram[diagonal], l2, growth, degree)
    if features is not None:
        for part in row_blocks(n_items):
            gram[part] += features[part] @ features.T
    return gram


def penalties(
    ratings: sp.csr_matrix, squares: np.ndarray, l2: float, growth: float, degree: float
) -> np.ndarray:
    """Λ_jj = l2·n_j^degree + growth·(XᵀX)_jj, (items,); squares: (XᵀX)_jj.

    n_j is the item's number of ratings, at least 1.
    """
    return np.asarray(l2 * degrees(ratings) ** degree + growth * squares)


def degrees(ratings: sp.csr_matrix) -> np.ndarray:
    """How many ratings each item has, at least 1: (items,)."""
    return np.maximum(np.bincount(ratings.indices, minlength=ratings.shape[1]), 1.0)


def with_ridge(gram: sp.csr_matrix, l2: float) -> np.ndarray:
    """A = SᵀS + λI (items, items) for SᵀS (items, items), whose cells are 0 or more."""
    n_items = gram.shape[0]
    largest = float(gram.sum(axis=1).max()) if gram.nnz else 0.0
    whole: np.ndarray = gram.astype(number_type(n_items, largest, l2)).toarray()
    whole[np.diag_indices(n_items)] += l2
    return whole


def number_type(n_items: int, largest: float, l2: float) -> type[np.floating]:
    """The type of numbers of a matrix plus at least l2 on its diagonal; largest: sum of a row.

    float32 has steps of 6·10⁻⁸, and the condition is how many times larger an error becomes. No
    eigenvalue is below l2 or above the largest sum plus l2, so that their ratio bounds it.
    """
    few = n_items <= DOUBLE
    return np.float64 if few or largest + l2 > CONDITION * l2 else np.float32


def regressions(inverse: np.ndarray) -> np.ndarray:
    """B (items, items) in float32 with B_ij = −P_ij/P_jj and B_jj = 0, in the place of P."""
    inverse /= -np.diag(inverse).copy()
    np.fill_diagonal(inverse, 0.0)
    return np.asarray(inverse, dtype=np.float32)


def row_blocks(n_items: int) -> Iterator[slice]:
    """The rows of a matrix, some at a time."""
    return (slice(start, start + BLOCK) for start in range(0, n_items, BLOCK))


def inverted(gram: np.ndarray) -> np.ndarray:
    """The inverse of a symmetric, positive definite matrix (items, items), which it overwrites.

    gram: in C order, all of it filled. One that is too close to singular for its type raises an
    InputError. A matrix too large for LAPACK is inverted by its quarters, where the lower left one
    serves as scratch: with D = A₂₂ − A₂₁ A₁₁⁻¹ A₁₂ and W = A₂₁ A₁₁⁻¹ the inverse's quarters are

        A₁₁⁻¹ + Wᵀ D⁻¹ W    −Wᵀ D⁻¹
        −D⁻¹ W               D⁻¹
    """
    n = len(gram)
    if n <= LAPACK:
        return _by_lapack(gram)
    half = slice(0, n // 2), slice(n // 2, n)
    (first, right), (scratch, second) = ([gram[row, column] for column in half] for row in half)
    inverted(first)  # A₁₁⁻¹
    for part in row_blocks(len(scratch)):
        scratch[part] = right[:, part].T @ first  # W
        second[part] -= scratch[part] @ right  # D
    inverted(second)  # D⁻¹
    for part in row_blocks(len(first)):
        right[part] = -(scratch[:, part].T @ second)  # −WᵀD⁻¹
        first[part] -= right[part] @ scratch  # A₁₁⁻¹ + WᵀD⁻¹W
    for part in row_blocks(len(scratch)):
        scratch[part] = right[:, part].T  # −D⁻¹W
    return gram


def _by_lapack(gram: np.ndarray) -> np.ndarray:
    potrf, potri = get_lapack_funcs(("potrf", "potri"), (gram,))
    # The transpose of a symmetric matrix in C order is itself in Fortran's, so nothing is copied.
    # A quarter of a larger matrix is.
    factor, wrong = potrf(gram.T, lower=1, overwrite_a=1, clean=0)
    if not wrong:
        factor, wrong = potri(factor, lower=1, overwrite_c=1)
    if wrong:
        raise InputError(SINGULAR)
    inverse: np.ndarray = factor.T  # its upper triangle
    for part in row_blocks(len(inverse)):
        inverse[part.stop :, part] = inverse[part, part.stop :].T
        corner = inverse[part, part]
        inverse[part, part] = np.triu(corner) + np.triu(corner, 1).T
    if not np.shares_memory(inverse, gram):
        gram[:] = inverse
    return gram
