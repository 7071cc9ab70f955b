"""tournament: a few rounds of shuffled disjoint batches, each ordered by the judge, merged with Bradley–Terry.

Every film meets others from all over the pool as often as every other film: with eight questions for 20 films and a
perfect judge this comes nearer to the perfect order than overlapping windows do.
Source: Bradley and Terry, Rank analysis of incomplete block designs, Biometrika 1952; the fit is bradley_terry.py.
"""

import asyncio
from collections.abc import Iterator

import numpy as np
from pydantic import Field

from stages.rerank.bradley_terry import merged
from stages.rerank.judge import Judge
from stages.rerank.strategy import PoolConfig, Strategy, values_of_order


class Config(PoolConfig):
    """How many questions, and how large."""

    batch: int = Field(5, ge=2)
    """Films a question, at most; batches of a round differ by one film at most."""

    rounds: int = Field(2, ge=1, le=100)
    """How many batches each film is judged in."""


class Tournament(Strategy):
    """rounds × ⌈pool / batch⌉ calls a user, all asked together."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.batch, self.rounds = config.batch, config.rounds

    async def values(self, n: int, judge: Judge) -> np.ndarray:
        orders = await asyncio.gather(*map(judge.ordered, self._batches(n, judge.draw)))
        return values_of_order(merged(orders, n))

    def _batches(self, n: int, draw: np.random.Generator) -> Iterator[list[int]]:
        for _ in range(self.rounds):
            for batch in np.array_split(draw.permutation(n), -(-n // self.batch)):
                yield batch.tolist()


STRATEGY = Tournament
