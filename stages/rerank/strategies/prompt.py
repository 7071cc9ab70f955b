"""prompt: one question with all candidates, one ordered answer (the paper's, §4)."""

import numpy as np

from stages.rerank.judge import Judge
from stages.rerank.strategy import PoolConfig, Strategy, values_of_order


class Config(PoolConfig):
    """The size of the pool, and what is asked for."""

    diverse: bool = False
    """Ask for a list that is varied too, rather than for the likeliest films alone."""


class PromptStrategy(Strategy):
    """One call per user."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.diverse = config.diverse

    async def values(self, n: int, judge: Judge) -> np.ndarray:
        return values_of_order(await judge.order(range(n), self.diverse))


STRATEGY = PromptStrategy
