"""What the orders share: relevance on one scale, and picking one candidate after another."""

from collections.abc import Callable

import numpy as np

SHOWN = 10
"""Length of the list that is picked; the rest follow."""
_USERS = 256
Knob = float
"""0 keeps the base's order, 1 ignores it."""


def relevance(scores: np.ndarray, pool: np.ndarray) -> np.ndarray:
    """Each user's scores on a scale from 0, the pool's lowest, to 1, its highest; (users, n).

    Equal scores are all 1. What stands where the pool is −1 has no meaning.
    """
    held = pool >= 0
    high = np.where(held, scores, -np.inf).max(axis=1, keepdims=True, initial=-np.inf)
    low = np.where(held, scores, np.inf).min(axis=1, keepdims=True, initial=np.inf)
    width = np.where(high > low, high - low, 1.0)
    return np.where(held & (high > low), (scores - low) / width, 1.0)


def user_parts(n_users: int) -> list[slice]:
    """All users, some at a time: each takes a number per candidate and dimension or genre."""
    return [slice(start, start + _USERS) for start in range(0, n_users, _USERS)]


def greedy_order(
    pool: np.ndarray,
    gain: Callable[[int], np.ndarray],
    picked: Callable[[np.ndarray], None],
    shown: int = SHOWN,
) -> np.ndarray:
    """Places (users, n): those picked, then the rest, both in the base's order.

    The candidate of the highest gain is picked again and again, `shown` times.
    gain: from the number of candidates picked so far to what each would add, (users, n). picked: is
    given the place that each user's pick has, (users,). Ties go to the base's first.
    """
    users, n = np.arange(len(pool)), pool.shape[1]
    rank = np.where(pool >= 0, n, 2 * n) + np.arange(n)  # of those that are not picked
    left = pool >= 0
    for step in range(min(shown, n)):
        best = np.where(left, gain(step), -np.inf).argmax(axis=1)
        there = left[users, best]
        rank[users[there], best[there]] = best[there]
        left[users, best] = False
        picked(best)
    return np.argsort(rank, axis=1, kind="stable")
