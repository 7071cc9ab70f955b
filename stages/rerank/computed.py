"""What strategies share that compute the order of a pool instead of asking a judge."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from stages.contracts.fusion import place_values
from stages.core.groups import place_in_group, runs
from stages.rerank.judge import Judge
from stages.rerank.known import Known, Pools
from stages.rerank.strategy import PoolConfig, Strategy


@dataclass(frozen=True)
class PoolValues:
    """A value in [0, 1] for each row of the pools on valid and at test; higher is better."""

    valid: np.ndarray
    test: np.ndarray


class ComputedStrategy(ABC):
    """One way to compute an order, which is final: its weight against the base's order is 1.

    A file of stages/rerank/strategies/computed/ assigns it to `STRATEGY` and has its `Config`. The
    values on valid say whether the order is better than the base's, and may depend on a user's own
    validation rows in no way; a strategy that learns from these crosses its fits over users.
    """

    def __init__(self, config: PoolConfig) -> None:
        self.pool = config.pool

    @abstractmethod
    def values(self, known: Known) -> PoolValues:
        """Values of all pools; both may be made by `order_values`."""


def order_values(pools: Pools, scores: np.ndarray) -> np.ndarray:
    """1 − place/(n−1) in each user's pool by score, ties in the base order; both (rows,)."""
    places = place_in_group(pools.user, -scores, pools.place)
    values = np.empty(len(places))
    for _, rows in runs(pools.user):
        values[rows] = place_values(rows.stop - rows.start)[places[rows]]
    return values


@dataclass
class Lookup(Strategy):
    """Computed values as a strategy gives them, so that both kinds are kept and explained alike.

    values_of: user id → values in the base order, (n,).
    """

    pool: int
    values_of: dict[str, np.ndarray]

    async def values(self, n: int, judge: Judge) -> np.ndarray:
        values = self.values_of[judge.user_id]
        assert values.shape == (n,)
        return values


def computed(strategy: ComputedStrategy, known: Known) -> tuple[Lookup, Lookup]:
    """The strategy's values at test, then on valid, in the order in which lists are written."""
    values = strategy.values(known)

    def lookup(pools: Pools, values: np.ndarray) -> Lookup:
        assert values.shape == pools.user.shape
        ids = ((known.users[user].user_id, rows) for user, rows in runs(pools.user))
        return Lookup(strategy.pool, {user_id: values[rows] for user_id, rows in ids})

    return lookup(known.test, values.test), lookup(known.valid, values.valid)
