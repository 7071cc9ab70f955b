"""Normalised discounted cumulative gain at k, with binary gain."""

import numpy as np


def ndcg(hits: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Σ hit_p / log₂(p+1) over the places p = 1…k, divided by the same sum of an ideal list.

    The ideal list has min(k, relevant) hits on top.
    hits: (users, k) bool. relevant: (users,) int. Returns (users,); 0 where nothing is relevant.
    Source: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, TOIS 2002.
    """
    k = hits.shape[1]
    discounts = 1.0 / np.log2(np.arange(2, k + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discounts)])[np.minimum(relevant, k)]
    return np.where(
        ideal > 0, (hits * discounts).sum(axis=1) / np.where(ideal > 0, ideal, 1.0), 0.0
    )
