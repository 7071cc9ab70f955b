"""What a step was answered adds up, in any order and from wherever the answers came."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from stages.contracts.calls import Calls
from stages.llm.chat import Reply, Usage
from stages.llm.providers.offline import Offline
from stages.llm.structured import ask
from stages.llm.wrappers.counted import Counted

Make = Callable[..., Any]
GOOD = Reply(
    text='{"label": "a", "score": 1}',
    model="script-1",
    usage=Usage(input_tokens=9, cached_tokens=4, output_tokens=2),
    dollars=0.25,
    seconds=1.5,
)


def by_task(model: Counted) -> dict[str, Calls]:
    return {row.task: row for row in model.asked().calls}


def test_an_answer_that_missed_its_type_is_invalid_and_its_repair_stands_apart(
    says: Make, task: Make
) -> None:
    model = Counted(says(GOOD.model_copy(update={"text": "no"}), GOOD))
    assert asyncio.run(ask(model, task())).repaired
    rows = by_task(model)
    assert {name: row.outcomes for name, row in rows.items()} == {
        "pick": {"invalid": 1},
        "pick-repair": {"answered": 1},
    }
    assert (rows["pick"].input_tokens, rows["pick"].dollars, rows["pick"].seconds) == (9, 0.25, 1.5)


@pytest.mark.parametrize("outcome", ["refused", "truncated", "filtered", "failed"])
def test_every_other_outcome_is_counted_by_its_name(outcome: str, says: Make, task: Make) -> None:
    model = Counted(says(Reply(text="", model="script-1", outcome=outcome)))
    asyncio.run(ask(model, task()))
    assert by_task(model)["pick"].outcomes == {outcome: 1}
    assert by_task(model)["pick"].dollars is None


def test_answers_from_the_cache_count_with_what_they_took_and_name_their_keys(
    says: Make, task: Make, cached: Make
) -> None:
    first, second = (Counted(cached(says(GOOD))) for _ in range(2))
    for model in (first, second):
        for n in (2, 1):
            asyncio.run(model.reply(task((str(n),))))
    assert first.asked() == second.asked()
    assert by_task(first)["pick"].calls == len(first.asked().keys) == 2


def test_offline_rules_cost_nothing_and_have_no_keys(task: Make) -> None:
    model = Counted(Offline())
    asyncio.run(model.reply(task()))
    assert (by_task(model)["pick"].dollars, model.asked().keys) == (0.0, ())
