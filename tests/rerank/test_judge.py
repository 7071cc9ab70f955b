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
def test_orders_are_repaired(bench: MakeBench, doubles: Any, said: list[str], kept: list[str]) -> None:
    """Repeated and foreign labels go; missing ones follow in the base order."""
    judge = judge_of(bench, doubles.echo(answer=lambda labels: {"order": said}))
    behind = places(judge)
    first = [behind[label] for label in kept]
    assert asyncio.run(judge.order(range(4))) == first + sorted(set(range(4)) - set(first))
    assert judge.judgements[0].outcome == "answered"
    assert judge.judgements[0].order == tuple(f"itemid{10 + place}" for place in first)


def test_scores_keep_the_labels_that_were_shown(bench: MakeBench, doubles: Any) -> None:
    said = [{"label": label, "score": score} for label, score in (("F02", 80), ("F99", 5), ("F04", 0))]
    judge = judge_of(bench, doubles.echo(answer=lambda labels: {"scores": said}))
    behind = places(judge)
    assert asyncio.run(judge.scores(range(4))) == {behind["F02"]: 80, behind["F04"]: 0}
    assert judge.judgements[0].scores == (None, 80, None, 0)


def test_the_record_holds_the_items_in_the_order_shown(bench: MakeBench, doubles: Any) -> None:
    model = doubles.echo(answer=lambda labels: {"order": labels})
    judge = judge_of(bench, model)
    asyncio.run(judge.order(range(4)))
    shown = [int(film["title"].removeprefix("Title ")) for film in model.tasks[0].payload["candidates"]]
    assert judge.judgements[0].shown == judge.judgements[0].order == tuple(f"itemid{row}" for row in shown)
    assert (judge.judgements[0].user_id, judge.judgements[0].model) == ("userid0", "double")


def test_an_answer_repaired_on_the_second_attempt_counts(bench: MakeBench, doubles: Any) -> None:
    answers = iter([{"order": "none"}, {"order": ["F01"]}])
    judge = judge_of(bench, doubles.echo(answer=lambda labels: next(answers)))
    behind = places(judge)
    assert asyncio.run(judge.order(range(4)))[0] == behind["F01"]
