"""F1 at k: the harmonic mean of a user's precision and recall."""

import numpy as np

from stages.metrics.precision import precision
from stages.metrics.recall import recall


def f1(hits: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """2·P·R / (P + R) per user, 0 where both are 0; averaged later, not made from averages.

    hits: (users, k) bool. relevant: (users,) int. Returns (users,).
    Source: van Rijsbergen, Information Retrieval, 1979, with equal weights.
    """
    return harmonic_mean(precision(hits, relevant), recall(hits, relevant))


def harmonic_mean(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """2ab / (a + b), 0 where both are 0."""
    total = first + second
    return 2.0 * first * second / np.where(total > 0, total, 1.0)
