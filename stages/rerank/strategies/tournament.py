"""tournament: rounds of shuffled disjoint batches, ordered by the judge and merged.

Every film meets others from all over the pool as often as every other film does: with eight
questions for 20 films and a perfect judge, this comes nearer to the perfect order than overlapping
windows do. The merge is bradley_terry.py.
"""

import numpy as np
from pydantic import Field

from stages.llm.concurrently import together
from stages.rerank.bradley_terry import merged
from stages.rerank.judge import Judge
from stages.rerank.strategy import PoolConfig, Strategy, values_of_order


class Config(PoolConfig):
    """How many questions are asked, and how large they are."""

    batch: int = Field(5, ge=2)
    """Films per question at most; batches of a round differ by one film at most."""

    rounds: int = Field(2, ge=1, le=100)
    """How many batches each film is judged in."""


class Tournament(Strategy):
    """rounds × ⌈pool / batch⌉ calls per user, all asked together."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.batch, self.rounds = config.batch, config.rounds

    async def values(self, n: int, judge: Judge) -> np.ndarray:
        pools = (judge.draw.permutation(n) for _ in range(self.rounds))
        batches = (
            batch.tolist() for pool in pools for batch in np.array_split(pool, -(-n // self.batch))
        )
        orders = await together(map(judge.ordered, batches))
        return values_of_order(merged(orders, n))


STRATEGY = Tournament
