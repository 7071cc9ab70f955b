"""A judged pool and the orders in which it is compared."""

from dataclasses import dataclass

import numpy as np

from stages.contracts.fusion import fused_order
from stages.core.groups import place_in_group
from stages.evaluate.rankings.pairs import Pairs
from stages.evaluate.rankings.ranking import keep, to_ranking
from stages.metrics.catalogue import EMPTY


@dataclass(frozen=True)
class Pool:
    """Each reranked user's pool in the graph's order, and the judge's value of every item of it.

    items: (users, depth) item rows, EMPTY for users who were not reranked. values: (users, depth),
    NaN there.
    """

    items: np.ndarray
    values: np.ndarray

    @property
    def depth(self) -> int:
        """The longest pool."""
        return self.items.shape[1]


def pool_of(
    users: np.ndarray, items: np.ndarray, places: np.ndarray, values: np.ndarray, n_users: int
) -> Pool:
    """Rows of JUDGED, in any order, as a pool."""
    ranking = to_ranking(users, items, places, n_users)
    judged = np.full(ranking.shape, np.nan)
    judged[users, place_in_group(users, places, items)] = values
    return Pool(ranking, judged)


def fused(pool: Pool, weight: float) -> np.ndarray:
    """The pool's items, ordered by judge and graph together (`stages.contracts.fusion`)."""
    order = np.tile(np.arange(pool.depth), (len(pool.items), 1))
    sizes = (pool.items != EMPTY).sum(axis=1)
    for size in np.unique(sizes[sizes > 0]):
        users = np.flatnonzero(sizes == size)
        order[users, :size] = fused_order(pool.values[users, :size], weight)
    return np.take_along_axis(pool.items, order, axis=1)


def alone(pool: Pool) -> np.ndarray:
    """The judge's order; ties keep the graph's."""
    return _sorted(pool, np.where(np.isnan(pool.values), -np.inf, pool.values))


def shuffled(pool: Pool, draw: np.random.Generator) -> np.ndarray:
    """A seeded random order of each user's pool: how good a judge is that knows nothing."""
    return _sorted(pool, np.where(pool.items == EMPTY, -np.inf, draw.random(pool.items.shape)))


def oracle(pool: Pool, liked: Pairs) -> np.ndarray:
    """Relevant items first, ties in the graph's order: the best order of the pool."""
    return _sorted(pool, liked.in_lists(pool.items).astype(np.float64))


def onto(base: np.ndarray, reordered: np.ndarray) -> np.ndarray:
    """The whole ranking: the reordered pool, and below it the rest of the base in its own order."""
    users = np.broadcast_to(np.arange(len(reordered))[:, None], reordered.shape)
    filled = reordered != EMPTY
    n_items = int(max(base.max(initial=0), reordered.max(initial=0))) + 1
    pooled = Pairs.of(users[filled], reordered[filled], n_items)
    rest = np.where(pooled.in_lists(base), EMPTY, base)
    both = np.concatenate([reordered, rest], axis=1)
    return keep(both, both != EMPTY)


def _sorted(pool: Pool, scores: np.ndarray) -> np.ndarray:
    return np.take_along_axis(pool.items, np.argsort(-scores, axis=1, kind="stable"), axis=1)
