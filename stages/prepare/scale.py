"""Every data set's scale becomes 1–5, on which a rating counts as liked from 4."""

import numpy as np

from stages.contracts.scale import NEGATIVE, POSITIVE


def on_common_scale(ratings: np.ndarray, low: float, high: float, positive_at: float) -> np.ndarray:
    """Map a data set's scale to 1–5, piecewise linearly, its threshold of a positive rating to 4.

    A scale that ends at 5 with threshold 4 (MovieLens, even with half stars) is left unchanged.
    """
    if (high, positive_at) == (5.0, 4.0) and low < NEGATIVE:
        return ratings.astype(np.float32)
    if not low < positive_at <= high:
        return np.full(len(ratings), 5.0, dtype=np.float32)
    mapped = np.interp(ratings, [low, positive_at], [1.0, POSITIVE])
    above = np.interp(ratings, [positive_at, high], [POSITIVE, 5.0]) if positive_at < high else 5.0
    return np.where(ratings >= positive_at, above, mapped).astype(np.float32)
