"""How many comparisons sorting takes, on pools in order, in reverse, and at random."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.rerank.pools import Bench
from stages.rerank.strategies.insertion import Config as InsertionConfig
from stages.rerank.strategies.insertion import Insertion, insertion_order
from stages.rerank.strategies.pairwise import Config as PairwiseConfig
from stages.rerank.strategies.pairwise import Pairwise

MakeBench = Callable[..., Bench]
PAIRWISE, INSERTION = Pairwise(PairwiseConfig()), Insertion(InsertionConfig())
ORDERS: dict[str, Sequence[float]] = {
    "sorted": range(20, 0, -1),
    "reversed": range(20),
    "random": np.random.default_rng(2).permutation(20).tolist(),
}


class Counting:
    """A judge who knows the worth of each place, and counts comparisons and rounds."""

    def __init__(self, worth: Sequence[float]) -> None:
        self.worth, self.pairs, self.rounds = worth, 0, 0

    async def compare(self, pairs: Sequence[tuple[int, int]], _both: bool = False) -> list[bool]:
        self.pairs += len(pairs)
        self.rounds += bool(pairs)
        return [self.worth[one] > self.worth[other] for one, other in pairs]


def sort(strategy: Any, worth: Sequence[float]) -> tuple[list[int], Counting]:
    judge = Counting(worth)
    values = asyncio.run(strategy.values(len(worth), judge))
    return np.argsort(-values, kind="stable").tolist(), judge


@pytest.mark.parametrize("kind", ["sorted", "reversed"])
def test_pairwise_on_a_base_order_that_is_right_or_wholly_wrong_has_a_balanced_tree(
    kind: str,
) -> None:
    """A balanced tree of 20: 19 comparisons with the root, below it 8 + 4 + 4 and 9 + 4 + 6."""
    _, judge = sort(PAIRWISE, ORDERS[kind])
    assert (judge.pairs, judge.rounds) == (54, 4)


@pytest.mark.parametrize("kind", ORDERS)
def test_insertion_never_needs_more_than_62(kind: str) -> None:
    _, judge = sort(INSERTION, ORDERS[kind])
    assert judge.pairs <= 62


def test_insertion_of_five_films_needs_seven_comparisons_at_most() -> None:
    """Ford and Johnson's example: plain binary insertion would need eight."""
    from itertools import permutations

    assert max(sort(INSERTION, worth)[1].pairs for worth in permutations(range(5))) == 7


def test_losers_are_inserted_back_from_each_jacobsthal_number() -> None:
    assert list(insertion_order(12)) == [0, 2, 1, 4, 3, 10, 9, 8, 7, 6, 5, 11]
    assert list(insertion_order(2)) == [0, 1]
    assert list(insertion_order(0)) == []


@given(st.integers(1, 40).flatmap(lambda n: st.permutations(range(n))))
@pytest.mark.parametrize("strategy", [PAIRWISE, INSERTION])
def test_a_perfect_judge_gives_the_perfect_order(strategy: Any, worth: list[int]) -> None:
    order, _ = sort(strategy, worth)
    assert order == sorted(range(len(worth)), key=lambda place: -worth[place])


def test_means_over_random_orders_are_the_known_ones() -> None:
    """Quicksort: 2(n + 1)H_n − 4n = 71.1 for 20; merge insertion 61.4."""
    draw = np.random.default_rng(0)
    worths = [draw.permutation(20).tolist() for _ in range(200)]
    assert np.mean([sort(PAIRWISE, worth)[1].pairs for worth in worths]) == pytest.approx(
        71.1, abs=1.5
    )
    assert np.mean([sort(INSERTION, worth)[1].pairs for worth in worths]) == pytest.approx(
        61.4, abs=0.4
    )


@pytest.mark.parametrize(
    "strategy", [Pairwise(PairwiseConfig(both=True)), Insertion(InsertionConfig(both=True))]
)
def test_a_judge_who_takes_what_stands_first_changes_nothing_when_asked_both_ways(
    strategy: Any, bench: MakeBench, doubles: Any
) -> None:
    judge = bench(doubles.echo(answer=lambda labels: {"best": labels[0]})).judge(0, list(range(20)))
    values = asyncio.run(strategy.values(20, judge))
    assert np.argsort(-values, kind="stable").tolist() == list(range(20))
