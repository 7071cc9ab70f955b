"""Genres as shares: of an item, and of what a user liked."""

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp


def item_shares(genres: Sequence[Sequence[str] | None]) -> np.ndarray:
    """p(g|i): 1/m for each of an item's m genres, (items, genres), in alphabetical order.

    A row of zeros where an item has none; no columns where no item has any.
    """
    names = sorted({name for row in genres for name in row or ()})
    place = {name: at for at, name in enumerate(names)}
    shares = np.zeros((len(genres), len(names)))
    for row, own in enumerate(genres):
        for name in set(own or ()):
            shares[row, place[name]] = 1.0
    return row_shares(shares)


def history_shares(
    users: np.ndarray, items: np.ndarray, shares: np.ndarray, n_users: int
) -> np.ndarray:
    """p(g|u): the mean of p(g|i) over the user's items that have a genre, (users, genres).

    users, items: rows of their likes, of equal length. shares: p(g|i). Zeros where none is known.
    """
    liked = sp.csr_matrix((np.ones(len(users)), (users, items)), (n_users, len(shares)))
    return row_shares(np.asarray(liked @ shares))


def row_shares(rows: np.ndarray) -> np.ndarray:
    """Rows that sum to 1, or to 0 where nothing is in them; over the last axis."""
    sums = rows.sum(axis=-1, keepdims=True)
    return rows / np.where(sums > 0, sums, 1.0)
