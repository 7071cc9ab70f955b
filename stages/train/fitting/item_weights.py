"""Weights items × items: whole where items are few, else the largest of each row.

A row of B holds what a rating of one item says about all others. Most of it is noise around 0: of
12,101 items, 100 per row rank as well as all (docs/scaling.md).
"""

from collections.abc import Mapping

import numpy as np
import scipy.sparse as sp

Weights = np.ndarray | sp.csr_matrix
"""(items, items), or (0, 0) where there are none."""

WHOLE = 12_500
"""Up to so many items all weights are kept; these take 625 MB."""
KEPT = 400
"""Weights per row that are kept beyond."""
ROWS = 256
"""Rows that are sorted at a time."""


def kept_weights(weights: np.ndarray) -> Weights:
    """The weights, or with more items than WHOLE the KEPT largest of each row, by size."""
    return weights if len(weights) <= WHOLE else largest(weights, KEPT)


def largest(weights: np.ndarray, kept: int) -> sp.csr_matrix:
    """The `kept` largest of each row, by size, in the order of their columns."""
    n_rows, n_columns = weights.shape
    kept = min(kept, n_columns)
    values = np.empty((n_rows, kept), dtype=weights.dtype)
    columns = np.empty((n_rows, kept), dtype=np.int32)
    for start in range(0, n_rows, ROWS):
        part = slice(start, start + ROWS)
        places = np.argpartition(np.abs(weights[part]), n_columns - kept, axis=1)
        columns[part] = np.sort(places[:, n_columns - kept :], axis=1)
        values[part] = np.take_along_axis(weights[part], columns[part], axis=1)
    starts = np.arange(n_rows + 1) * kept
    return sp.csr_matrix((values.ravel(), columns.ravel(), starts), shape=weights.shape)


def weighed(ratings: sp.csr_matrix, weights: Weights) -> np.ndarray:
    """XB (users, items)."""
    scores = ratings @ weights
    return scores.toarray() if sp.issparse(scores) else np.asarray(scores)


def as_arrays(name: str, weights: Weights) -> dict[str, np.ndarray]:
    """What is stored: one array, or those of a sparse matrix."""
    if isinstance(weights, np.ndarray):
        return {name: weights}
    return {
        name: weights.data,
        f"{name}_columns": weights.indices.astype(np.int32),
        f"{name}_starts": weights.indptr.astype(np.int64),
    }


def from_arrays(name: str, arrays: Mapping[str, np.ndarray]) -> Weights:
    """What `as_arrays` stored."""
    if f"{name}_starts" not in arrays:
        return arrays[name]
    starts = arrays[f"{name}_starts"]
    n_items = len(starts) - 1
    parts = arrays[name], arrays[f"{name}_columns"], starts
    return sp.csr_matrix(parts, shape=(n_items, n_items))
