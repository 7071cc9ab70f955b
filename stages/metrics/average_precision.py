"""Average precision at k; its mean over users is MAP."""

import numpy as np


def precision_at_hits(hits: np.ndarray) -> np.ndarray:
    """Σ (hits so far / place) over the places that hold a hit; (users, k) bool gives (users,)."""
    places = np.arange(1, hits.shape[1] + 1)
    return (hits * np.cumsum(hits, axis=1) / places).sum(axis=1)


def average_precision(hits: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Σ (hits so far / place) at each hit, divided by min(k, relevant).

    hits: (users, k) bool. relevant: (users,) int. Returns (users,); 0 where nothing is relevant.
    With min(k, relevant) as the denominator, a list full of hits has the value 1.
    Source: Buckley and Voorhees, Evaluating evaluation measure stability, SIGIR 2000; cut at k.
    """
    return precision_at_hits(hits) / np.maximum(np.minimum(relevant, hits.shape[1]), 1)
