"""What the judge makes of answers with repeated, foreign or missing labels."""

import asyncio
import copy
from collections.abc import Callable
from typing import Any

import pytest

from stages.rerank.judge import Judge
from stages.rerank.pools import Bench

MakeBench = Callable[..., Bench]


def judge_of(bench: MakeBench, model: Any) -> Judge:
    return bench(model).judge(0, [10, 11, 12, 13])


def places(judge: Judge) -> dict[str, int]:
    """The place behind each label of the next question."""
    return copy.deepcopy(judge)._labels(range(4))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (["F03", "F01", "F04", "F02"], ["F03", "F01", "F04", "F02"]),
        (["F03", "F01", "F03", "F02", "F04"], ["F03", "F01", "F02", "F04"]),
        (["F99", "F02", "Title 11"], ["F02"]),
        (["F04"], ["F04"]),
    ],
)
def test_orders_are_repaired(
    bench: MakeBench, doubles: Any, said: list[str], kept: list[str]
) -> None:
    """Repeated and foreign labels go; missing ones follow in the base order."""
    judge = judge_of(bench, doubles.echo(answer=lambda _labels: {"order": said}))
    behind = places(judge)
    first = [behind[label] for label in kept]
    assert asyncio.run(judge.order(range(4))) == first + sorted(set(range(4)) - set(first))
    assert judge.judgements[0].outcome == "answered"
    assert judge.judgements[0].order == tuple(f"itemid{10 + place}" for place in first)


def test_scores_keep_the_labels_that_were_shown(bench: MakeBench, doubles: Any) -> None:
    said = [
        {"label": label, "score": score} for label, score in (("F02", 80), ("F99", 5), ("F04", 0))
    ]
    judge = judge_of(bench, doubles.echo(answer=lambda _labels: {"scores": said}))
    behind = places(judge)
    assert asyncio.run(judge.scores(range(4))) == {behind["F02"]: 80, behind["F04"]: 0}
    assert judge.judgements[0].scores == (None, 80, None, 0)


def test_the_record_holds_the_items_in_the_order_shown(bench: MakeBench, doubles: Any) -> None:
    model = doubles.echo(answer=lambda labels: {"order": labels})
    judge = judge_of(bench, model)
    asyncio.run(judge.order(range(4)))
    shown = [
        int(film["title"].removeprefix("Title ")) for film in model.tasks[0].payload["candidates"]
    ]
    assert (
        judge.judgements[0].shown
        == judge.judgements[0].order
        == tuple(f"itemid{row}" for row in shown)
    )
    assert (judge.judgements[0].user_id, judge.judgements[0].model) == ("userid0", "double")


def test_an_answer_repaired_on_the_second_attempt_counts(bench: MakeBench, doubles: Any) -> None:
    answers = iter([{"order": "none"}, {"order": ["F01"]}])
    judge = judge_of(bench, doubles.echo(answer=lambda _labels: next(answers)))
    behind = places(judge)
    assert asyncio.run(judge.order(range(4)))[0] == behind["F01"]


def test_a_pick_that_was_not_shown_leaves_the_base_order(bench: MakeBench, doubles: Any) -> None:
    judge = judge_of(bench, doubles.echo(answer=lambda _labels: {"best": "F99"}))
    assert asyncio.run(judge.best([(2, 1, 3), (3, 0)])) == [1, 0]
    assert asyncio.run(judge.compare([(3, 2), (0, 1)])) == [False, True]
    assert [(one.outcome, one.order) for one in judge.judgements] == [("invalid", None)] * 4


def test_a_comparison_says_who_is_preferred(bench: MakeBench, doubles: Any) -> None:
    judge = judge_of(
        bench, doubles.perfect(worth={"Title 10": 5, "Title 11": 9, "Title 12": 1, "Title 13": 7})
    )
    assert asyncio.run(judge.compare([(0, 1), (1, 0), (2, 3), (3, 0)], both=True)) == [
        False,
        True,
        False,
        True,
    ]
    assert asyncio.run(judge.best([range(4), (0, 2)])) == [1, 0]


def test_both_directions_are_shown_and_a_judge_who_takes_the_first_decides_nothing(
    bench: MakeBench, doubles: Any
) -> None:
    judge = judge_of(bench, doubles.echo(answer=lambda labels: {"best": labels[0]}))
    assert asyncio.run(judge.compare([(0, 1), (3, 2)], both=True)) == [True, False]
    first, second, turned_first, turned_second = (one.shown for one in judge.judgements)
    assert (turned_first, turned_second) == (first[::-1], second[::-1])


def test_one_answered_direction_is_enough(bench: MakeBench, doubles: Any) -> None:
    answers = iter([{"best": "F01"}, {"best": "F99"}])
    judge = judge_of(bench, doubles.echo(answer=lambda _labels: next(answers)))
    [preferred] = asyncio.run(judge.compare([(3, 2)], both=True))
    assert judge.judgements[0].order == (f"itemid{13 if preferred else 12}",)


def test_the_record_keeps_the_order_asked_whatever_comes_back_first(
    bench: MakeBench, doubles: Any
) -> None:
    judge = judge_of(bench, doubles.slow(worth={f"Title {row}": row for row in range(10, 14)}))

    async def together() -> None:
        await asyncio.gather(*(judge.ordered(places) for places in ((0, 1, 2), (3,), (1, 2))))

    asyncio.run(together())
    assert [len(one.shown) for one in judge.judgements] == [3, 1, 2]
