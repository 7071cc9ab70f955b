"""none: nobody is asked; the base order stays. The control that every other strategy is seen against."""

import numpy as np

from stages.contracts.fusion import place_values
from stages.rerank.judge import Judge
from stages.rerank.strategy import PoolConfig, Strategy


class Config(PoolConfig):
    """Nothing beyond the pool."""


class NoStrategy(Strategy):
    """Values by place."""

    async def values(self, n: int, judge: Judge) -> np.ndarray:
        return place_values(n)


STRATEGY = NoStrategy
