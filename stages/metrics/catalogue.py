"""What the metrics beyond accuracy need to know about the items and the training rows."""

from dataclasses import dataclass

import numpy as np

EMPTY = -1
"""The item row of a place without an item."""


@dataclass(frozen=True)
class Catalogue:
    """Training counts of every item that can be ranked, the number of users, and more.

    counts: (items,) int. vectors: (items, dimensions), profile embeddings, or None. tastes:
    (users,), the mean count of the user's own training items, NaN for a user without one, or None.
    genres: (items, genres), each item's shares, and histories: (users, genres), those of what the
    user liked in training, zeros where none is known; or None.
    """

    counts: np.ndarray
    n_users: int
    vectors: np.ndarray | None = None
    tastes: np.ndarray | None = None
    genres: np.ndarray | None = None
    histories: np.ndarray | None = None


def shown_counts(items: np.ndarray, catalogue: Catalogue) -> np.ndarray:
    """How often each item of the catalogue is in the lists; (users, k) item rows give (items,)."""
    return np.bincount(items[items != EMPTY], minlength=len(catalogue.counts))
