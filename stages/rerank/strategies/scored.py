"""scored: each film gets 0–100 in several batches, and the mean counts (the paper's, §4).

Each round cuts a new seeded permutation of the pool into batches, so it judges every film once.
"""

from collections.abc import Iterator

import numpy as np
from pydantic import Field

from stages.contracts.fusion import place_values
from stages.llm.concurrently import together
from stages.rerank.judge import Judge
from stages.rerank.strategy import PoolConfig, Strategy


class Config(PoolConfig):
    """Sizes, as in the paper's code."""

    pool: int = Field(30, ge=2, le=100)
    """How many of the base model's first candidates are judged."""

    batch: int = Field(5, ge=1)
    """Films per question."""

    rounds: int = Field(3, ge=1, le=100)
    """How many batches each film is judged in."""


class Scored(Strategy):
    """rounds × ⌈pool / batch⌉ calls per user, all asked together."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.batch, self.rounds = config.batch, config.rounds

    async def values(self, n: int, judge: Judge) -> np.ndarray:
        total, count = np.zeros(n), np.zeros(n)
        for scores in await together(map(judge.scores, self._batches(n, judge.draw))):
            for place, score in scores.items():
                total[place] += score / 100
                count[place] += 1
        return self._filled(total, count)

    def _batches(self, n: int, draw: np.random.Generator) -> Iterator[list[int]]:
        for _ in range(self.rounds):
            order = draw.permutation(n)
            yield from (
                order[start : start + self.batch].tolist() for start in range(0, n, self.batch)
            )

    @staticmethod
    def _filled(total: np.ndarray, count: np.ndarray) -> np.ndarray:
        """Mean scores; an unscored film gets their mean. With no scores the base order stays."""
        if not count.any():
            return place_values(len(total))
        means = total / np.maximum(count, 1)
        means[count == 0] = means[count > 0].mean()
        return means


STRATEGY = Scored
