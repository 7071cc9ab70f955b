"""What the metrics beyond accuracy must know of the movies and the training rows."""

from dataclasses import dataclass

import numpy as np

EMPTY = -1
"""The item row of a place without an item."""


@dataclass(frozen=True)
class Catalogue:
    """Training counts of every movie in the table, the number of users, and profile embeddings where they exist.

    counts: (items,) int. vectors: (items, dimensions) or None.
    """

    counts: np.ndarray
    n_users: int
    vectors: np.ndarray | None = None


def shown_counts(items: np.ndarray, catalogue: Catalogue) -> np.ndarray:
    """How often each movie of the catalogue stands in the lists; (users, k) item rows give (items,)."""
    return np.bincount(items[items != EMPTY], minlength=len(catalogue.counts))
