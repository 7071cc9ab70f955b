"""batched: overlapping batches, each ordered by the judge, then merged (the paper's, §4).

The paper's code cuts windows from the base order, which for most overlaps leaves the last films
unjudged, and merges them with TrueSkill, whose result depends on which batch comes first. Here the
windows lie on a ring of the shuffled pool, so that every film is judged, and the same kind of
model, a strength for each film, is fitted to all batches at once: Bradley–Terry with a prior.
A mean of places would forget which other films each was compared with.
"""

import numpy as np
from pydantic import Field, model_validator

from stages.llm.concurrently import together
from stages.rerank.bradley_terry import merged
from stages.rerank.judge import Judge
from stages.rerank.strategy import PoolConfig, Strategy, values_of_order


class Config(PoolConfig):
    """Sizes, as in the paper's code."""

    pool: int = Field(30, ge=2, le=100)
    """How many of the base model's first candidates are judged."""

    batch: int = Field(5, ge=2)
    """Films per question."""

    overlap: int = Field(2, ge=0)
    """Films that a batch shares with the next one."""

    @model_validator(mode="after")
    def _must_advance(self) -> "Config":
        if self.overlap >= self.batch:
            raise ValueError("overlap must be smaller than batch")
        return self


class BatchedStrategy(Strategy):
    """⌈pool / (batch − overlap)⌉ calls per user, all asked together."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.batch, self.step = config.batch, config.batch - config.overlap

    async def values(self, n: int, judge: Judge) -> np.ndarray:
        ring = judge.draw.permutation(n)
        starts = range(0, n if n > self.batch else 1, self.step)
        batches = (
            ring[np.arange(start, start + min(self.batch, n)) % n].tolist() for start in starts
        )
        orders = await together(map(judge.ordered, batches))
        return values_of_order(merged(orders, n))


STRATEGY = BatchedStrategy
