"""Pools as matrices (users, n), as stages/contracts/beyond/ orders them."""

from collections.abc import Callable

import numpy as np

from stages.rerank.computed import order_values
from stages.rerank.known import Pools

PoolOrder = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""From item rows and scores, (users, n) each, to places in the base's order, best first."""


def in_matrices(pools: Pools, order: PoolOrder) -> np.ndarray:
    """1 − place/(n−1) in the new order of each user's pool, (rows,).

    The matrices have a row per user that has a pool, by user row; a shorter pool ends in −1.
    """
    users, at = np.unique(pools.user, return_inverse=True)
    shape = len(users), int(pools.place.max(initial=-1)) + 1
    items, scores = np.full(shape, -1, dtype=np.int64), np.zeros(shape)
    items[at, pools.place], scores[at, pools.place] = pools.item, pools.score
    places = np.empty(shape, dtype=np.int64)
    np.put_along_axis(places, order(items, scores), np.arange(shape[1])[None, :], axis=1)
    return order_values(pools, -places[at, pools.place])
