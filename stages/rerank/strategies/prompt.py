"""prompt: one question with all candidates, one ordered answer (the paper's, §4)."""

import numpy as np

from stages.rerank.judge import Judge
from stages.rerank.strategy import PoolConfig, Strategy, values_of_order


class Config(PoolConfig):
    """Only the size of the pool."""


class PromptStrategy(Strategy):
    """One call per user."""

    async def values(self, n: int, judge: Judge) -> np.ndarray:
        return values_of_order(await judge.order(range(n)))


STRATEGY = PromptStrategy
