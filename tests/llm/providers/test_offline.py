"""Offline: a task's own rule answers, and says that it is one."""

import asyncio
from typing import Any

import pytest
from pydantic import BaseModel

from stages.core.errors import ParamError
from stages.core.params import check_section
from stages.llm.answers.structured import ask
from stages.llm.params import LlmParams
from stages.llm.providers import connect
from stages.llm.providers.offline import LABEL, Offline
from stages.llm.task import Task


class Count(BaseModel):
    """How many."""

    n: int


def count(payload: dict[str, Any]) -> Count:
    return Count(n=len(payload["items"]))


TASK = Task("count", "Count them.", {"items": ["a", "b"]}, Count, count)


def test_the_rule_answers() -> None:
    answer = asyncio.run(ask(Offline(), TASK))
    assert (answer.value, answer.outcome, answer.repaired) == (Count(n=2), "answered", False)


def test_the_answer_is_labelled_as_rules() -> None:
    assert (
        asyncio.run(Offline().reply(TASK)).model
        == Offline().model
        == LABEL
        == "offline rules, not a language model"
    )


def test_it_uses_no_tokens() -> None:
    assert asyncio.run(Offline().reply(TASK)).usage.model_dump() == {
        "input_tokens": 0,
        "cached_tokens": 0,
        "cache_write_tokens": 0,
        "output_tokens": 0,
    }


def test_it_is_what_one_gets_without_saying_anything() -> None:
    assert isinstance(connect(LlmParams()), Offline)


def test_an_unknown_provider_is_refused_by_name() -> None:
    with pytest.raises(
        ParamError, match=r"^llm\.provider in params\.yaml is 'oracle': choose from offline, openai"
    ):
        check_section("llm", {"provider": "oracle"}, LlmParams)
