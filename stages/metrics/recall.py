"""Recall at k: the share of a user's relevant items that the list holds."""

import numpy as np


def recall(hits: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Hits / relevant per user; 0 where nothing is relevant.

    hits: (users, k) bool. relevant: (users,) int. Returns (users,).
    The denominator is not capped at k, so a user with more than k relevant items cannot reach 1.
    Source: Herlocker et al., Evaluating Collaborative Filtering Recommender Systems, TOIS 2004.
    """
    return hits.sum(axis=1) / np.maximum(relevant, 1)
