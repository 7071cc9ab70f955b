"""Precision at k: the share of the k places that hold a relevant item."""

import numpy as np


def precision(hits: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Hits / k per user; a list shorter than k counts as padded with misses.

    hits: (users, k) bool. relevant: (users,) int, unused. Returns (users,).
    Source: Herlocker et al., Evaluating Collaborative Filtering Recommender Systems, TOIS 2004.
    """
    return hits.sum(axis=1) / hits.shape[1]
