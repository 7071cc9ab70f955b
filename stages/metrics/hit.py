"""Hit rate at k: whether the list holds any relevant item."""

import numpy as np


def hit(hits: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """1 where one of the k places holds a hit, else 0.

    hits: (users, k) bool. relevant: (users,) int, unused. Returns (users,).
    Source: Deshpande and Karypis, Item-based top-N recommendation algorithms, TOIS 2004.
    """
    return np.where(hits.any(axis=1), 1.0, 0.0)
