"""A regression of each item on its nearest items alone, where there are too many for an inverse.

    b_j = (A_NN + F_N F_Nᵀ + Λ_N)⁻¹ (C_Nj + F_N F_j + D_Nj)      N: the items nearest to j

A (items, items) are products of items, C and D products to reproduce; in a linear model of ratings
both A and C are XᵀX, and D is that of stages/linear/regression.py. The nearest items are
those with the largest C_ij / √A_ii. Where all items are near, the weights are those of the whole
inverse; an item without any products has none. Sources: Ning and Karypis, SLIM (ICDM 2011), which
has sparse linear models on nearest items (fsSLIM); Steck, Markov random fields for collaborative
filtering (NeurIPS 2019), which approximates a whole inverse by blocks.
"""

import numpy as np
import scipy.sparse as sp
from scipy.linalg import LinAlgError, solve

from stages.core.errors import InputError
from stages.core.log import progress
from stages.linear.alike import LowRank
from stages.linear.inverse import SINGULAR

NEAREST = 200
"""Items that an item is regressed on."""


def nearby_weights(
    gram: sp.csr_matrix,
    wanted: sp.csc_matrix,
    held: np.ndarray,
    features: np.ndarray | None = None,
    itself: bool = False,
    drawn: LowRank | None = None,
) -> sp.csr_matrix:
    """B (items, items) in float32 for A, C, the diagonal of Λ (items,) and F (items, columns).

    itself: whether an item may be among those that it is regressed on.
    """
    n_items = len(held)
    lengths = np.sqrt(np.maximum(gram.diagonal(), 1e-12))
    place = np.full(n_items, -1)
    columns, values = [], []
    for item in progress(range(n_items), "items regressed on their nearest"):
        cells = slice(wanted.indptr[item], wanted.indptr[item + 1])
        near, right = wanted.indices[cells], wanted.data[cells]
        if not itself:
            near, right = near[near != item], right[near != item]
        if len(near) > NEAREST:
            best = np.argpartition(-right / lengths[near], NEAREST)[:NEAREST]
            near, right = near[best], right[best]
        # A_NN + Λ_N, from the rows N of A: (near, near)
        place[near] = np.arange(len(near))
        left = np.diag(held[near].astype(np.float64))
        starts, many = gram.indptr[near], np.diff(gram.indptr)[near]
        cells_of_rows = np.arange(many.sum()) + np.repeat(starts - np.cumsum(many) + many, many)
        row, column = np.repeat(np.arange(len(near)), many), place[gram.indices[cells_of_rows]]
        known = column >= 0
        left[row[known], column[known]] += gram.data[cells_of_rows][known]
        place[near] = -1
        if features is not None:
            left += features[near] @ features[near].T
            right = right + features[near] @ features[item]
        if drawn is not None:
            right = right + drawn.left[near] @ drawn.right[item]
        columns.append(near)
        try:
            values.append(solve(left, right, assume_a="pos", overwrite_a=True, check_finite=False))
        except LinAlgError:
            raise InputError(SINGULAR) from None
    starts = np.cumsum([0, *map(len, columns)])
    parts = np.concatenate(values).astype(np.float32), np.concatenate(columns), starts
    return sp.csr_matrix(sp.csc_matrix(parts, shape=(n_items, n_items)))
