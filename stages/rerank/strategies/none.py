"""none: no judge is asked and the base order stays, as a control for the other strategies."""

import numpy as np

from stages.contracts.fusion import place_values
from stages.rerank.judge import Judge
from stages.rerank.strategy import PoolConfig, Strategy


class Config(PoolConfig):
    """Only the size of the pool."""


class NoStrategy(Strategy):
    """Values by place."""

    async def values(self, n: int, _judge: Judge) -> np.ndarray:
        return place_values(n)


STRATEGY = NoStrategy
