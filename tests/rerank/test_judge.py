"""What the judge makes of answers with repeated, foreign or missing labels."""

import asyncio
import copy
from collections.abc import Callable
from typing import Any

import pytest

from stages.llm.answers.schema import strict_schema
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
        (["F99", "F02", "Title 11", "F04"], ["F02", "F04"]),
        (["f3", " F 1", "[F04]", "'F02'"], ["F03", "F01", "F04", "F02"]),
        (["Ｆ０３", "F\u200b01", "\ufeffF04\u2060", "(f002)"], ["F03", "F01", "F04", "F02"]),
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


SCORED = ("F02", 80), ("F04", 0)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ([("f2", 80), ("[F04]", "0")], SCORED),
        ([("F02", "80.0"), ("F02", 80), ("F04", 0)], SCORED),
        ([("F02", 80), ("F04", 0), ("F03", 10), ("F03", 90)], SCORED),
    ],
    ids=["spelling", "twice the same", "two that differ"],
)
def test_scores_are_read_in_any_spelling_and_one_that_contradicts_itself_is_none(
    bench: MakeBench, doubles: Any, said: list[tuple[str, Any]], kept: Any
) -> None:
    scores = [{"label": label, "score": score} for label, score in said]
    judge = judge_of(bench, doubles.echo(answer=lambda _labels: {"scores": scores}))
    behind = places(judge)
    expected = {behind[label]: score for label, score in kept}
    assert asyncio.run(judge.scores(range(4))) == expected


@pytest.mark.parametrize(
    ("ask", "said", "fault"),
    [
        ("ordered", {"order": ["F02"] * 10}, "order names only 1 of the 4 labels F01 … F04;"),
        ("ordered", {"order": []}, "order names none of the labels F01 … F04; each is due once"),
        ("ordered", {"order": ["Title 1", "F05"]}, "order names none of the labels F01 … F04;"),
        ("scores", {"scores": [{"label": "F01", "score": 1}] * 4}, "scores names only 1 of the 4"),
        ("scores", {"scores": [{"label": "F01", "score": True}]}, "scores.0.score: true and false"),
        ("scores", {"scores": [{"label": "F01", "score": "high"}]}, "scores.0.score: this text is"),
        ("scores", {"scores": [{"label": "F01", "score": "nan"}]}, "scores.0.score: this text is"),
        ("scores", {"scores": [{"label": "F01", "score": 101}]}, "scores.0.score: Input should be"),
        ("_pick", {"best": "Title 1"}, "best is none of the labels F01, F02, F03, F04"),
    ],
)
def test_what_is_of_no_use_is_asked_for_once_more_and_then_invalid(
    bench: MakeBench, doubles: Any, ask: str, said: dict[str, Any], fault: str
) -> None:
    model = doubles.echo(answer=lambda _labels: said)
    judge = judge_of(bench, model)
    if ask == "_pick":
        assert asyncio.run(judge.best([range(4)])) == [0]
    else:
        assert not asyncio.run(getattr(judge, ask)(range(4)))
    _question, repair = model.tasks
    assert repair.payload["fault"].startswith(fault)
    assert [(one.outcome, one.order, one.scores) for one in judge.judgements] == [
        ("invalid", None, None)
    ]


def test_the_schema_of_a_question_has_its_labels_and_their_number(
    bench: MakeBench, doubles: Any
) -> None:
    model = doubles.perfect(worth={f"Title {row}": float(row) for row in range(10, 14)})
    judge = judge_of(bench, model)
    asyncio.run(judge.ordered(range(4)))
    asyncio.run(judge.scores(range(3)))
    asyncio.run(judge.compare([(0, 1)]))
    order, scores, pick = (strict_schema(task.answer) for task in model.tasks)
    labels = ["F01", "F02", "F03", "F04"]
    sized = {"type": "array", "minItems": 4, "maxItems": 4}
    one = {"type": "string", "enum": labels}
    assert order["properties"]["order"] == sized | {"items": one}
    assert scores["properties"]["scores"]["maxItems"] == 3
    assert scores["$defs"]["Score"]["properties"]["label"]["enum"] == labels[:3]
    assert pick["properties"]["best"]["enum"] == labels[:2]
    assert [task.answer.__name__ for task in model.tasks] == ["Order", "Scores", "Pick"]


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
    answers = iter([{"order": "none"}, {"order": ["F01", "F02"]}])
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
    answers = iter([{"best": "F01"}, {"best": "F99"}, {"best": "F98"}])
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
