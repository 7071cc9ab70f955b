"""Calibrated recommendations: the genres of a list in the shares that the user's history has."""

import numpy as np

from stages.contracts.beyond.genres import row_shares
from stages.contracts.beyond.greedy import SHOWN, Knob, greedy_order, relevance, user_parts

SMOOTHING = 0.01
"""α of the paper, which keeps the divergence finite where a list lacks a genre."""


def calibrated_order(
    pool: np.ndarray,
    scores: np.ndarray,
    shares: np.ndarray,
    history: np.ndarray,
    knob: Knob,
    shown: int = SHOWN,
) -> np.ndarray:
    """Places (users, n) by  argmax_{i ∉ S} (1 − knob)·rel_i − knob·KL(p, q_{S ∪ i}).

    q_S: the mean of p(g|i) over the list S so far. rel: the scores on a scale of 0 to 1 within the
    pool; Σ rel over S is the same for each i, so it is left out. A user without a known history
    keeps the base's order.
    pool, scores: (users, n). shares: p(g|i), (items, genres). history: p(g|u), (users, genres).
    Source: Steck, Calibrated recommendations, RecSys 2018, equation 7, greedily; λ is the knob.
    """
    orders = [
        _order(pool[at], scores[at], shares, history[at], knob, shown)
        for at in user_parts(len(pool))
    ]
    return np.concatenate(orders) if orders else np.empty(pool.shape, dtype=np.int64)


def _order(
    pool: np.ndarray,
    scores: np.ndarray,
    shares: np.ndarray,
    history: np.ndarray,
    knob: Knob,
    shown: int,
) -> np.ndarray:
    users, rel = np.arange(len(pool)), relevance(scores, pool)
    of_items = shares[pool].astype(np.float32)  # (users, n, genres)
    p = history.astype(np.float32)
    listed = np.zeros_like(p)  # Σ_{i ∈ S} p(g|i)

    def gain(_step: int) -> np.ndarray:
        q = row_shares(listed[:, None] + of_items)  # (users, n, genres)
        return (1 - knob) * rel - knob * divergence(p[:, None], q)

    def picked(best: np.ndarray) -> None:
        np.add(listed, of_items[users, best], out=listed)

    return greedy_order(pool, gain, picked, shown)


def divergence(p: np.ndarray, q: np.ndarray, smoothing: float = SMOOTHING) -> np.ndarray:
    """KL(p, (1 − α)q + αp) = Σ_g p_g log(p_g / ((1 − α)q_g + αp_g)), over the last axis.

    0 where p is zeros. Steck, equations 5 and 6.
    """
    smooth = (1 - smoothing) * q + smoothing * p
    ratio = np.where(p > 0, p, 1.0) / np.where(p > 0, smooth, 1.0)
    return np.asarray((p * np.log(ratio)).sum(axis=-1))
