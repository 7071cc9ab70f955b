"""Which JSON in a reply is the answer, read as models write it, at a cost that stays linear."""

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from stages.llm.answers.spoken import json_in
from stages.llm.answers.structured import parse
from stages.llm.chat import Reply
from stages.llm.task import Task


class Order(BaseModel):
    """An answer with one list."""

    order: list[str]


class Note(BaseModel):
    """An answer with a text and a number."""

    note: str
    score: float = 0


def read(text: str, answer: type[BaseModel] = Order) -> tuple[Any, str]:
    """The first field of the value, or None, and the fault."""
    task = Task("pick", "", {}, answer, lambda _: answer())
    value, fault = parse(Reply(text=text, model="m"), task)
    return (None if value is None else next(iter(value.model_dump().values()))), fault


DRAFT, FINAL = '{"order": ["F02", "F01"]}', '{"order": ["F01", "F02"]}'
FENCED = f"```json\n{FINAL}\n```"


@pytest.mark.parametrize(
    "text",
    [
        f"A first thought: {DRAFT}\nNo, that is upside down. My answer:\n{FENCED}",
        f"{DRAFT}\nNo: {FINAL}",
        f"```json\n{DRAFT}\n```\nBetter:\n{FENCED}",
        f"{FENCED}\nI had thought of {DRAFT} first.",
        f"{FENCED}\nIn the form {{'best': 'F01'}} it would be shorter.",
        f"<think>perhaps {DRAFT}</think>{FINAL}",
        f"perhaps {DRAFT}</think>{FINAL}",
        f"<THINKING>perhaps {DRAFT}</THINKING>{FINAL}",
        f"[THINK]perhaps {DRAFT}[/THINK]{FINAL}",
        f"<|channel|>analysis<|message|>{DRAFT}<|end|><|start|>assistant<|channel|>final<|message|>"
        f"{FINAL}<|return|>",
        f"analysisWe need an order, {DRAFT} perhaps.assistantfinal{FINAL}",
        f'{FINAL[:-1]}, "why": "not </think>, nor {{order"}}',
        f'Use braces {{ and quotes" as here: {FINAL}',
    ],
)
def test_of_several_objects_the_one_in_the_last_fence_or_the_last_one_counts(text: str) -> None:
    assert read(text) == (["F01", "F02"], "")


@pytest.mark.parametrize(
    "text",
    [
        f"<think>perhaps {FINAL}",
        f"<think>{FINAL}</think><think>or {DRAFT}",
        f"<|channel|>analysis<|message|>perhaps {FINAL}",
        f"analysisWe need an order, {FINAL} perhaps.",
        f"perhaps {FINAL}</think>",
    ],
)
def test_an_object_within_a_thought_is_no_answer(text: str) -> None:
    assert read(text) == (None, "there is no JSON object after the thoughts")


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ('{"note": "a quiet\nstory"}', "a quiet story"),
        ('{"note": "a\ttab"}', "a tab"),
        ('{"note": "a",}', "a"),
        ('{"note": "a", "more": [1, 2,], }', "a"),
        ("{'note': 'a'}", "a"),
        ("{'note': \"it's\", 'seen': True, 'by': None}", "it's"),
        ("{'note': 'it\\'s \"so\"'}", 'it\'s "so"'),
        ('{"note": "it\\\'s"}', "it's"),
        ('{"note": "\\u001b[31mred\\u200b \\ud800"}', " [31mred  "),
        ('{"note": "first", "note": "last"}', "last"),
    ],
)
def test_json_is_read_as_models_write_it(text: str, note: str) -> None:
    assert read(text, Note) == (note, "")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("I would rather not say.", "there is no JSON object in the answer"),
        ('{"order": ["F01"', "line 1, column 17: the answer ends within its JSON"),
        ('{"order": ["F01" "F02"]}', "line 1, column 18: a comma or ] is due"),
        ('Here:\n{"order" ["F01"]}', "line 2, column 10: a colon is due"),
        ('{"order": [F01]}', "line 1, column 12: a value is due"),
        ('{order: ["F01"]}', "line 1, column 2: a name in double quotes is due"),
        ('{"order": ["F01', "line 1, column 12: this string has no end"),
        ('{"order": ["F\\d01"]}', "line 1, column 12: this string has a wrong escape"),
        ('{"order": ["F01"], "score": NaN}', "line 1, column 29: a value is due"),
        ('{"order": ' + "[" * 99, "line 1, column 42: this is nested too deep"),
        ('{"order": "F01"}', "order: Input should be a valid list"),
        ('{"ranking": ["F01"]}', "order: Field required"),
        ('{"ranking": ["F01"]} or {"order": 1}', "order: Input should be a valid list"),
    ],
)
def test_the_fault_says_what_is_wrong_and_where(text: str, fault: str) -> None:
    assert read(text) == (None, fault)


def test_a_list_alone_is_the_only_list_of_the_answer() -> None:
    assert read('```json\n["F02", "F01"]\n```') == (["F02", "F01"], "")
    assert read(f'{FINAL} I dropped ["F07", "F08"].') == (["F01", "F02"], "")
    assert read('{"order": ["F01", "F02"], oops}')[0] is None
    assert read('["F01"]', Note) == (None, "there is no JSON object in the answer")


@pytest.mark.parametrize("score", ["1e999", "-1e999", "1" * 5000, "1" + "0" * 400])
def test_a_number_beyond_all_bounds_is_a_fault_or_infinite(score: str) -> None:
    class Bound(BaseModel):
        note: str
        score: float

    value, fault = read(f'{{"note": "a", "score": {score}}}', Bound)
    assert value == "a" or fault


def steps(text: str) -> int:
    """How many calls it takes to read a text, of Python's functions and of C's."""
    count = 0

    def counting(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counting)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return count


HOSTILE: dict[str, Callable[[int], str]] = {
    "braces": lambda n: "{" * n,
    "brackets": lambda n: "[" * n,
    "objects within objects": lambda n: '{"a":' * (n // 5),
    "lists within lists": lambda n: '{"a":' + "[" * n,
    "names": lambda n: '{"' * (n // 2),
    "names of two quotes": lambda n: "{\"{'" * (n // 4),
    "escapes": lambda n: '{"\\' * (n // 3),
    "empty objects": lambda n: "{}" * (n // 2),
    "a long list that breaks off": lambda n: '{"a":' * 30 + "[" + '{"b":1},' * (n // 8),
    "thoughts": lambda n: "<think>" * (n // 7),
    "fences": lambda n: "```\n{" * (n // 5),
    "a string without end": lambda n: '{"a":"' + "x{" * (n // 2),
    "spaces": lambda n: "{" + " " * n,
    "commas": lambda n: '{"a":[' + "," * n,
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_twice_the_text_takes_at_most_about_twice_the_steps(hostile: Callable[[int], str]) -> None:
    small, large = steps(hostile(10_000)), steps(hostile(20_000))
    assert large < 2.5 * small + 1000
    assert large < 40 * 20_000


def test_a_megabyte_of_braces_takes_next_to_no_steps() -> None:
    assert steps("{" * 1_000_000) < 1000


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.text("{}[]\"':,a1\\n`<>/think \n", max_size=60))
def test_any_text_is_a_value_or_a_fault(text: str) -> None:
    value, fault = read(text)
    assert (value is None) == bool(fault)


@given(st.dictionaries(st.text(), json_values, max_size=4), st.sampled_from(["", "So: "]))
def test_whatever_json_writes_is_read_as_json_reads_it(said: dict[str, Any], before: str) -> None:
    assert json_in(before + json.dumps(said)).objects == [said]
