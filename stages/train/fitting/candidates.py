"""Top candidates: the unseen items with the highest scores, ties by item row."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import scipy.sparse as sp

from stages.contracts.rows import CANDIDATES

Columns = dict[str, np.ndarray]
"""Columns of a table by name, (rows,) each."""
CELLS = 1 << 24
"""Scores (users × items) in memory at a time; each takes about 40 bytes during the sort."""


def top_candidates(
    score: Callable[[np.ndarray], np.ndarray], seen: sp.csr_matrix, rankable: np.ndarray, most: int
) -> pd.DataFrame:
    """Candidates of all users, rows of schema CANDIDATES.

    seen: (users, items), non-zero where an item is never recommended. rankable: (items,) bool.
    """
    chunks = chunked(np.arange(seen.shape[0]), seen.shape[1])
    return as_frame(
        stacked([best_rows(users, score(users), seen, rankable, most) for users in chunks])
    )


def best_rows(
    users: np.ndarray, scores: np.ndarray, seen: sp.csr_matrix, rankable: np.ndarray, most: int
) -> Columns:
    """The columns of CANDIDATES for these user rows, whose scores of all items are given."""
    free = masked(scores, seen[users], rankable)  # (users, items)
    top = top_places(free, most)  # (users, most)
    best = np.take_along_axis(free, top, axis=1)
    user, place = np.nonzero(np.isfinite(best))
    rows = users[user], top[user, place], place
    columns = [*(column.astype(np.int32) for column in rows), best[user, place]]
    return dict(zip(CANDIDATES.names, columns, strict=True))


def stacked(parts: list[Columns]) -> Columns:
    """The columns of all parts, one after the other; taken out of them, so that none is twice."""
    return {name: np.concatenate([part.pop(name) for part in parts]) for name in list(parts[0])}


def as_frame(columns: Columns) -> pd.DataFrame:
    """The columns of CANDIDATES as a table, without a copy."""
    return pd.DataFrame({name: columns[name] for name in CANDIDATES.names}, copy=False)


def chunked(users: np.ndarray, n_items: int) -> list[np.ndarray]:
    """User rows in parts of at most CELLS scores each, or of one user."""
    return np.array_split(users, max(1, -(-len(users) // max(1, CELLS // n_items))))


def masked(scores: np.ndarray, seen: sp.csr_matrix, rankable: np.ndarray) -> np.ndarray:
    """Scores (users, items), −inf for items that may not be recommended.

    They stay in float32 if they are: that halves the time, and all ties are the same in float64.
    """
    if scores.dtype != np.float32:
        scores = scores.astype(np.float64)
    free = np.where(rankable, scores, scores.dtype.type(-np.inf))
    free[seen.nonzero()] = -np.inf
    return free


def top_places(scores: np.ndarray, most: int) -> np.ndarray:
    """Item rows of the `most` highest scores, best first, equal ones in row order: (users, most).

    These are the first columns of a stable sort of each row; the rest is not sorted.
    """
    falling, most = -scores, min(most, scores.shape[1])
    edge = np.partition(falling, most - 1, axis=1)[:, most - 1 : most]
    if np.isnan(edge).any():
        return np.argsort(falling, axis=1, kind="stable")[:, :most]
    rows = np.nonzero(_first(falling, edge, most))[1].reshape(-1, most)
    order = np.argsort(np.take_along_axis(falling, rows, axis=1), axis=1, kind="stable")
    return np.take_along_axis(rows, order, axis=1)


def _first(falling: np.ndarray, edge: np.ndarray, most: int) -> np.ndarray:
    """Exactly `most` True per row: all below the edge and the first of those on it."""
    first = falling <= edge
    crowded = np.flatnonzero(first.sum(axis=1) > most)
    level = falling[crowded] == edge[crowded]
    room = most - (falling[crowded] < edge[crowded]).sum(axis=1, keepdims=True)
    first[crowded] &= ~level | (np.cumsum(level, axis=1) <= room)
    return first
