"""insertion: merge insertion, which orders the pool with nearly the fewest comparisons.

Source: Ford and Johnson, A tournament problem, American Mathematical Monthly 1959; Knuth, The Art
of Computer Programming 3, §5.3.1.
"""

from collections.abc import Iterator

import numpy as np

from stages.rerank.judge import Judge
from stages.rerank.strategy import PoolConfig, Strategy, values_of_order


class Config(PoolConfig):
    """The size of the pool, and how to ask about a pair."""

    both: bool = False
    """Ask about each pair in both orders; if the answers disagree, the base order decides."""


class Insertion(Strategy):
    """Σ_k ⌈log₂ 3k/4⌉ comparisons at most for k = 1…n, 62 for 20; twice the calls with `both`."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.both = config.both

    async def values(self, n: int, judge: Judge) -> np.ndarray:
        return values_of_order(await self._sorted(list(range(n)), judge))

    async def _sorted(self, films: list[int], judge: Judge) -> list[int]:
        """Pair the films, sort the winners, then insert the losers in `insertion_order`."""
        if len(films) < 2:
            return films
        pairs = list(zip(films[::2], films[1::2], strict=False))
        answers = await judge.compare(pairs, self.both)
        loser_of = {
            (a if won else b): (b if won else a) for (a, b), won in zip(pairs, answers, strict=True)
        }
        winner_of = {loser: winner for winner, loser in loser_of.items()}
        chain = await self._sorted(sorted(loser_of), judge)
        waiting = [loser_of[winner] for winner in reversed(chain)] + films[2 * len(pairs) :]
        for film in (waiting[number] for number in insertion_order(len(waiting))):
            low = chain.index(winner_of[film]) + 1 if film in winner_of else 0
            chain.insert(await self._place(film, chain, low, judge), film)
        return chain

    async def _place(self, film: int, chain: list[int], low: int, judge: Judge) -> int:
        """Where `film` belongs in chain[low:], by halving."""
        high = len(chain)
        while low < high:
            middle = (low + high) // 2
            [preferred] = await judge.compare([(film, chain[middle])], self.both)
            low, high = (low, middle) if preferred else (middle + 1, high)
        return low


def insertion_order(n: int) -> Iterator[int]:
    """0, then 2, 1, then 4, 3, then 10 … 5: back from each Jacobsthal number.

    So the range that is searched by halving has nearly 2^k − 1 places each time.
    """
    done, ahead = 0, 1
    while done < n:
        yield from reversed(range(done, min(ahead, n)))
        done, ahead = ahead, ahead + 2 * done


STRATEGY = Insertion
