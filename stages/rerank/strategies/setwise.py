"""setwise: a heap in which the judge names the best of a node and its children.

Only the top is ordered; the rest stays in the base order. Nodes of one level sink together while
the heap is built. Source: Zhuang et al., A setwise approach for effective and highly efficient
zero-shot ranking, SIGIR 2024.
"""

import numpy as np
from pydantic import Field

from stages.rerank.judge import Judge
from stages.rerank.strategy import PoolConfig, Strategy, values_of_order


class Config(PoolConfig):
    """The shape of the heap, and how much of it is ordered."""

    children: int = Field(3, ge=2)
    """Children of a node; a question shows one film more than this."""

    top: int = Field(10, ge=1)
    """How many films are ordered."""


class Setwise(Strategy):
    """At most 37 calls for the top 10 of 20 with three children.

    10 build the heap, and 9 × 3 take films from it.
    """

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.children, self.top = config.children, config.top

    async def values(self, n: int, judge: Judge) -> np.ndarray:
        heap, levels = list(range(n)), [[0]]
        while levels[-1]:
            levels.append([child for node in levels[-1] for child in self._under(node, n)])
        for level in reversed(levels):
            await self._sink(heap, level, judge)
        best: list[int] = []
        while heap and len(best) < self.top:
            best.append(heap[0])
            last = heap.pop()
            if heap and len(best) < self.top:
                heap[0] = last
                await self._sink(heap, [0], judge)
        return values_of_order(best + sorted(set(range(n)) - set(best)))

    async def _sink(self, heap: list[int], nodes: list[int], judge: Judge) -> None:
        """Swap films at `nodes`, none above another, with better children while there are any."""
        while nodes := [node for node in nodes if self._under(node, len(heap))]:
            families = [[node, *self._under(node, len(heap))] for node in nodes]
            best = await judge.best([heap[node] for node in family] for family in families)
            places = [heap.index(film) for film in best]
            for node, place in zip(nodes, places, strict=True):
                heap[node], heap[place] = heap[place], heap[node]
            nodes = [place for node, place in zip(nodes, places, strict=True) if place != node]

    def _under(self, node: int, n: int) -> range:
        return range(self.children * node + 1, min(self.children * (node + 1) + 1, n))


STRATEGY = Setwise
