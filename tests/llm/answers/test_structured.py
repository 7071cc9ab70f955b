"""From an untrusted reply to a typed answer: parsed, repaired once, or a typed outcome."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from stages.llm.answers.structured import ask, parse
from stages.llm.chat import Reply
from stages.llm.task import Message, Task
from tests.llm.conftest import label_of

Make = Callable[..., Any]
GOOD, HIGH = '{"label": "a", "score": 1}', '{"label": "a", "score": 101}'


class Label(BaseModel):
    """The smallest answer."""

    label: str


def data_of(content: str) -> dict[str, Any]:
    """The JSON data behind a request in words."""
    return dict(json.loads(content.partition("\n\n")[2]))


@pytest.mark.parametrize(
    "text", [GOOD, f"Sure! Here it is:\n```json\n{GOOD}\n```\nAnything else?", f"\ufeff{GOOD}\n"]
)
def test_one_object_amid_prose_is_the_answer(text: str, says: Make, task: Make) -> None:
    model = says(text)
    answer = asyncio.run(ask(model, task()))
    assert (label_of(answer), answer.outcome, answer.repaired, len(model.asked)) == (
        "a",
        "answered",
        False,
        1,
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("I would rather not say.", "there is no JSON object in the answer"),
        (HIGH, "score: Input should be less than or equal to 100"),
        ('{"label": "a"}', "score: Field required"),
        ('{"label": "a", "score": 1, "why": "x"}', "why: Extra inputs are not permitted"),
        ('{"label": "a", "score": 1', "line 1, column 26: the answer ends within its JSON"),
    ],
    ids=["prose", "off the scale", "field missing", "field too many", "cut off"],
)
def test_a_faulty_answer_is_asked_for_once_more_with_its_fault(
    text: str, fault: str, says: Make, task: Make
) -> None:
    model = says(text, GOOD)
    answer = asyncio.run(ask(model, task()))
    assert (label_of(answer), answer.outcome, answer.repaired, answer.reply.text) == (
        "a",
        "answered",
        True,
        GOOD,
    )
    first, second = model.asked
    assert [message.role for message in second] == ["system", "user", "assistant", "user"]
    assert second[:2] == first
    assert second[2].content == text
    assert data_of(second[3].content)["fault"] == fault


def test_the_repair_says_which_schema_is_due(says: Make, task: Make) -> None:
    model = says("no", GOOD)
    asyncio.run(ask(model, task()))
    assert data_of(model.asked[1][-1].content)["schema"]["required"] == ["label", "score"]


def test_a_second_fault_is_invalid_and_not_asked_again(says: Make, task: Make) -> None:
    model = says("no", HIGH, GOOD)
    answer = asyncio.run(ask(model, task()))
    assert (answer.value, answer.outcome, answer.repaired, len(model.asked)) == (
        None,
        "invalid",
        False,
        2,
    )


@pytest.mark.parametrize("outcome", ["refused", "truncated", "filtered", "invalid", "failed"])
def test_an_outcome_passes_through_without_a_repair_even_with_good_text(
    outcome: str, says: Make, task: Make
) -> None:
    model = says(Reply(text=GOOD, model="script-1", outcome=outcome))
    answer = asyncio.run(ask(model, task()))
    assert (answer.value, answer.outcome, len(model.asked)) == (None, outcome, 1)


def test_a_repair_that_is_refused_is_refused(says: Make, task: Make) -> None:
    answer = asyncio.run(
        ask(says("no", Reply(text="", model="script-1", outcome="refused")), task())
    )
    assert (answer.value, answer.outcome) == (None, "refused")


def test_the_repair_of_a_conversation_keeps_its_turns(says: Make, task: Make) -> None:
    turns = (Message("user", "before"), Message("assistant", "yes"))
    model = says("no", GOOD)
    asyncio.run(ask(model, task(turns=turns)))
    assert tuple(model.asked[1][1:3]) == turns
    assert len(model.asked[1]) == 6


def test_question_and_repair_are_both_cached(says: Make, task: Make, cached: Make) -> None:
    model = says("no", GOOD)
    first = asyncio.run(ask(cached(model), task()))
    second = asyncio.run(ask(cached(model), task()))
    assert (second.value, second.repaired, len(model.asked)) == (first.value, True, 2)


@given(st.text() | st.text(st.sampled_from('{}[]":,a1 \\n')))
def test_any_text_is_a_value_or_a_fault(text: str) -> None:
    task = Task("pick", "", {}, Label, lambda _: Label(label=""))
    value, fault = parse(Reply(text=text, model="m"), task)
    assert (value is None) == bool(fault)
