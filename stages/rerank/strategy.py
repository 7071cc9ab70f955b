"""What every strategy shares: a pool of candidates, and values in [0, 1] for all of them."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from pydantic import Field

from stages.contracts.fusion import place_values
from stages.core.params import Section
from stages.rerank.judge import Judge


class PoolConfig(Section):
    """What every strategy can set."""

    pool: int = Field(20, ge=2, le=100)
    """How many of the base model's first candidates are reranked."""


class Strategy(ABC):
    """One way to have the pool judged.

    A file of stages/rerank/strategies/ assigns it to `STRATEGY` and has its `Config`.
    """

    def __init__(self, config: PoolConfig) -> None:
        self.pool = config.pool

    @abstractmethod
    async def values(self, n: int, judge: Judge) -> np.ndarray:
        """A value in [0, 1] per candidate, in the base order; higher is better. Shape (n,)."""


def values_of_order(order: Sequence[int]) -> np.ndarray:
    """1 − place/(n−1) for each candidate, from an order of all n of them."""
    values = np.empty(len(order))
    values[list(order)] = place_values(len(order))
    return values
