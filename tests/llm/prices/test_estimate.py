"""What a run will cost is counted from rehearsed calls."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from stages.contracts.calls import Calls
from stages.llm.families import Effort
from stages.llm.prices.estimate import estimates
from stages.llm.prices.prices import Price
from stages.llm.providers.rehearsal import Rehearsal
from stages.llm.wrappers.counted import Counted
from tests.llm.conftest import longest

ROW = Calls(
    task="rank",
    model="rules",
    calls=100,
    outcomes={"answered": 100},
    input_tokens=1_000_000,
    cached_tokens=0,
    output_tokens=500_000,
    dollars=0.0,
    seconds=0.0,
)
OWN = {"mine": Price(input=2, output=10), "o4-mini": Price(input=1, output=4)}


def test_dollars_are_tokens_by_price_step_by_step() -> None:
    first = estimates({"one": [ROW], "two": [ROW, ROW]}, "mine", OWN)[0]
    assert (first.model, first.steps, first.dollars) == ("mine", {"one": 7.0, "two": 14.0}, 21.0)


def test_a_reasoning_model_pays_for_its_thoughts() -> None:
    [found] = [one for one in estimates({"one": [ROW]}, "mine", OWN) if one.model == "o4-mini"]
    assert (found.effort, found.thinking) == ("medium", 600)
    assert found.dollars == pytest.approx(1 + 4 * (0.5 + 100 * 600 / 1e6))


def thoughts(model: str, effort: Effort | None = None) -> tuple[str | None, int]:
    first = estimates({"one": [ROW]}, model, OWN, effort)[0]
    return first.effort, first.thinking


def test_the_effort_that_is_set_comes_before_that_of_the_preset() -> None:
    assert thoughts("gpt-6-luna") == ("none", 0)
    assert thoughts("gpt-6-luna", "high") == ("high", 1200)


def test_a_model_that_thinks_unless_told_otherwise_is_assumed_to() -> None:
    assert thoughts("gpt-6-sol")[1] > 0
    assert thoughts("gpt-4o") == thoughts("unheard-of") == (None, 0)


def test_long_questions_are_charged_as_written_into_the_providers_cache() -> None:
    prices = {"mine": Price(input=2, cache_write=3, output=0)}
    short = ROW.model_copy(update={"calls": 1000})
    for row, dollars in ((ROW, 3.0), (short, 2.0)):
        assert estimates({"one": [row]}, "mine", prices)[0].dollars == dollars


def test_ones_own_price_holds_under_both_names_of_a_preset() -> None:
    for name in ("gemma-3-4b", "gemma3:4b"):
        assert (
            estimates({"one": [ROW]}, "gemma-3-4b", {name: Price(input=3, output=0)})[0].dollars
            == 3.0
        )


def test_a_model_without_a_price_has_no_estimate() -> None:
    assert estimates({"one": [ROW]}, "unheard-of", {})[0].dollars is None


def test_a_rehearsal_answers_by_the_rule_and_counts_what_would_be_sent(
    task: Callable[..., Any],
) -> None:
    model = Counted(Rehearsal())
    short, long = (asyncio.run(model.reply(task((item,)))) for item in ("a", "b" * 700))
    assert json.loads(short.text)["score"] == 50
    # 699 letters at .18
    assert long.usage.input_tokens - short.usage.input_tokens == pytest.approx(126, abs=1)
    assert (
        model.asked().calls[0].output_tokens
        == short.usage.output_tokens + long.usage.output_tokens
        > 0
    )


def test_a_rehearsal_answers_at_the_length_of_a_model_where_the_rule_is_shorter(
    task: Callable[..., Any],
) -> None:
    wordy = task(likely=lambda payload: longest(payload).model_copy(update={"label": "a " * 50}))
    plain, long = (asyncio.run(Rehearsal().reply(asked)) for asked in (task(), wordy))
    assert json.loads(long.text)["label"] == "a " * 50
    # 49 more words of one letter, .48 each
    assert long.usage.output_tokens - plain.usage.output_tokens == pytest.approx(23.5, abs=1)
