"""How far a reranking moves a pool: Kendall's τ to the base order, and for whom nothing moves."""

import numpy as np

from stages.contracts.metrics.rerankings import Agreement
from stages.metrics.catalogue import EMPTY


def agreement(base: np.ndarray, reranked: np.ndarray) -> Agreement:
    """Both (users, depth) item rows of the same items, EMPTY at the end of shorter lists."""
    taus = kendall(base, reranked)
    counted = taus[~np.isnan(taus)]
    if not len(counted):
        return Agreement(users=0, tau=None, unchanged=None)
    return Agreement(
        users=len(counted),
        tau=round(float(counted.mean()), 5),
        unchanged=round(float((counted == 1).mean()), 5),
    )


def kendall(base: np.ndarray, reranked: np.ndarray) -> np.ndarray:
    """τ = 1 − 4·(pairs in the opposite order) / (n(n − 1)) for each user's n items, (users,).

    NaN for fewer than two items.

    Source: Kendall, A new measure of rank correlation, Biometrika 1938; orders have no ties.
    """
    if not base.shape[1]:
        return np.full(len(base), np.nan)
    places = np.argmax(reranked[:, None, :] == base[:, :, None], axis=2)
    filled = base != EMPTY
    ahead = np.triu(np.ones((base.shape[1], base.shape[1]), dtype=bool), 1)
    turned = (
        (places[:, :, None] > places[:, None, :]) & ahead & filled[:, :, None] & filled[:, None, :]
    )
    n = filled.sum(axis=1)
    share = 4 * turned.sum(axis=(1, 2)) / np.maximum(n * (n - 1), 1)
    return np.where(n > 1, 1 - share, np.nan)
