"""Weights items × items: whole where items are few, else the largest of each row.

A row of B holds what a rating of one item says about all others. Most of it is noise around 0: of
12,101 items, 100 per row rank as well as all (docs/scaling.md).
"""

from typing import TypeAlias

import numpy as np
import scipy.sparse as sp

Weights: TypeAlias = np.ndarray | sp.csr_matrix
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
    """What is stored, row by row: weights (items, kept) and their columns (items, kept).

    Whole weights have no columns: (0, 0). Rows with fewer weights end in zeros.
    """
    if isinstance(weights, np.ndarray):
        return {name: weights, kept_columns(name): np.zeros((0, 0), dtype=np.int32)}
    many = np.diff(weights.indptr)
    row = np.repeat(np.arange(len(many)), many)
    at = np.arange(weights.nnz) - np.repeat(weights.indptr[:-1], many)
    shape = len(many), max(1, int(many.max(initial=0)))
    values, columns = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.int32)
    values[row, at], columns[row, at] = weights.data, weights.indices
    return {name: values, kept_columns(name): columns}


def kept_columns(name: str) -> str:
    """The name of the array with the columns of weights that are not whole."""
    return f"{name}_columns"


def from_arrays(values: np.ndarray, columns: np.ndarray, n_items: int) -> Weights:
    """What `as_arrays` stored, or rows of it: (rows, items)."""
    if not columns.size:
        return values
    starts = np.arange(len(values) + 1) * values.shape[1]
    return sp.csr_matrix((values.ravel(), columns.ravel(), starts), shape=(len(values), n_items))
