"""What a step was answered adds up, in any order and from wherever the answers came."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from stages.contracts.calls import Calls
from stages.core.errors import AnswerError
from stages.llm.answers.structured import ask
from stages.llm.chat import Reply, Usage
from stages.llm.providers.offline import Offline
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


def missed(outcome: str) -> Reply:
    return Reply(text="", model="script-1", outcome=outcome)  # type: ignore[arg-type]


def ended(model: Counted, *tasks: Any) -> str:
    """What ends the questions, asked in turn, or their step."""

    async def run() -> None:
        for task in tasks:
            await ask(model, task)
        model.asked()

    with pytest.raises(AnswerError) as raised:
        asyncio.run(run())
    return str(raised.value)


@pytest.mark.parametrize(
    ("replies", "said"),
    [
        (
            ["truncated", "truncated", "refused"],
            "none of the first 3 such questions had a usable answer (2 truncated, 1 refused); "
            "raise llm.max_tokens or lower llm.effort, then run the same command again: ",
        ),
        (["refused"] * 3, "(3 refused); take another model, then"),
        (["filtered"] * 3, "(3 filtered); take another model, then"),
        (["failed"] * 3, "(3 failed); check llm.model, llm.base_url and llm.max_tokens, then"),
    ],
)
def test_questions_in_a_row_without_a_usable_answer_end_the_step_and_say_what_to_change(
    replies: list[str], said: str, says: Make, task: Make
) -> None:
    scripted = says(*map(missed, replies), GOOD)
    sentence = ended(Counted(scripted, fallbacks=3), *(task((str(n),)) for n in range(9)))
    assert sentence.startswith("pick: none of the first 3")
    assert said in sentence
    assert sentence.endswith("every answer so far is kept")
    assert len(scripted.asked) == 3


def test_an_answer_is_invalid_only_after_its_repair(says: Make, task: Make) -> None:
    scripted = says("no", GOOD, "no", "no", "no", "no", GOOD)
    sentence = ended(Counted(scripted, fallbacks=2), *(task((str(n),)) for n in range(9)))
    assert (
        "pick: none of the last 2 such questions had a usable answer (2 invalid); take" in sentence
    )
    assert len(scripted.asked) == 6


def test_a_usable_answer_in_between_starts_the_count_anew(says: Make, task: Make) -> None:
    scripted = says(*[missed("refused"), missed("refused"), GOOD] * 3)
    model = Counted(scripted, fallbacks=3)

    async def run() -> int:
        for n in range(9):
            await ask(model, task((str(n),)))
        return model.asked().calls[0].calls

    assert (asyncio.run(run()), model.answered) == (9, 3)


def test_kinds_are_counted_apart(says: Make, task: Make) -> None:
    scripted = says(missed("refused"), GOOD)
    tasks = [task(), *(task((str(n),), kind="rank") for n in range(4))]
    sentence = ended(Counted(scripted, fallbacks=3), *tasks)
    assert sentence.startswith("pick: no question had a usable answer (1 refused); take")
    assert len(scripted.asked) == 5


@pytest.mark.parametrize("count", [1, 2, 8])
def test_a_step_of_any_size_without_a_usable_answer_ends(
    count: int, says: Make, task: Make
) -> None:
    model = Counted(says(missed("truncated")), fallbacks=20)
    sentence = ended(model, *(task((str(n),)) for n in range(count)))
    assert f"({count} truncated); raise llm.max_tokens" in sentence


def test_answers_from_the_cache_count_as_answered(says: Make, task: Make, cached: Make) -> None:
    asyncio.run(Counted(cached(says(GOOD))).reply(task()))
    model = Counted(cached(says(missed("refused"))), fallbacks=3)
    sentence = ended(model, task(), *(task((str(n),)) for n in range(9)))
    assert "none of the last 3 such questions" in sentence


def test_recorded_answers_that_are_of_no_use_say_what_to_do(says: Make, task: Make) -> None:
    model = Counted(says("no", provider="replay"), fallbacks=20)
    assert "(1 invalid); write llm.replay again with `e2ep llm export`, or ask" in ended(
        model, task()
    )


def test_a_question_that_is_asked_on_its_own_may_go_unanswered(says: Make, task: Make) -> None:
    """Only a step counts: what a newcomer is answered falls back with its label."""
    model = Counted(says(missed("refused")))
    assert asyncio.run(ask(model, task())).outcome == "refused"
    assert model.asked().calls[0].outcomes == {"refused": 1}


def test_after_the_end_no_question_reaches_the_model(says: Make, task: Make) -> None:
    scripted = says(missed("refused"))
    model = Counted(scripted, fallbacks=1)
    sentences = {ended(model, task((str(n),))) for n in range(3)}
    assert (len(sentences), len(scripted.asked)) == (1, 1)
