"""What is of no use is evidence, not an answer: a mended server is asked again, a paid one not."""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from stages.contracts.calls import Asked
from stages.llm.answers.structured import Answer, ask
from stages.llm.chat import Reply
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.store.cache import AnswerCache, cache_key
from stages.llm.store.inventory import export_answers
from stages.llm.wrappers.cached import Cached
from stages.llm.wrappers.counted import Counted

Make = Callable[..., Any]
GOOD, BAD, WORSE = '{"label": "a", "score": 1}', "I would rather not say.", '{"label": "a"}'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "replies.sqlite"


def run(file: Path, model: Any, *tasks: Any) -> list[Answer[Any]]:
    """One run: the tasks asked in turn, with a cache of its own in front of the model."""
    cached = Cached(model, AnswerCache(file))

    async def every() -> list[Answer[Any]]:
        return [await ask(cached, task) for task in tasks]

    try:
        return asyncio.run(every())
    finally:
        cached.close()


def tables(file: Path) -> dict[str, list[str]]:
    """The texts kept as answers and as evidence."""
    with closing(sqlite3.connect(file)) as database:
        return {
            table: sorted(
                json.loads(row)["text"] for (row,) in database.execute(f"SELECT reply FROM {table}")
            )
            for table in ("replies", "unanswered")
        }


def outcomes(answers: Sequence[Answer[Any]]) -> list[str]:
    return [answer.outcome for answer in answers]


@pytest.mark.parametrize("bad", ["", BAD, WORSE])
def test_what_is_still_of_no_use_after_its_repair_is_asked_again_by_the_next_run(
    bad: str, says: Make, task: Make, file: Path
) -> None:
    assert outcomes(run(file, says(bad), task())) == ["invalid"]
    assert tables(file) == {"replies": [], "unanswered": [bad, bad]}
    mended = says(GOOD)
    [answer] = run(file, mended, task())
    assert (answer.outcome, answer.repaired, len(mended.asked)) == ("answered", False, 1)
    assert outcomes(run(file, says("must not be asked"), task())) == ["answered"]


@pytest.mark.parametrize("outcome", ["refused", "truncated", "filtered"])
def test_a_repair_that_was_not_answered_makes_the_next_run_ask_anew(
    outcome: str, says: Make, task: Make, file: Path
) -> None:
    model = says(BAD, Reply(text="", model="script-1", outcome=outcome))
    assert outcomes(run(file, model, task())) == [outcome]
    mended = says(GOOD)
    assert outcomes(run(file, mended, task())) == ["answered"]
    assert len(mended.asked) == 1


def test_a_repaired_answer_is_paid_for_once_and_so_is_what_it_repairs(
    says: Make, task: Make, file: Path
) -> None:
    [first] = run(file, says(BAD, GOOD), task())
    idle = says("must not be asked")
    [second] = run(file, idle, task())
    assert first.repaired
    assert (second.value, second.repaired, idle.asked) == (first.value, True, [])


def test_a_kill_before_the_repair_loses_no_reply_that_was_paid_for(
    says: Make, task: Make, file: Path
) -> None:
    cached = Cached(says(BAD), AnswerCache(file))
    asyncio.run(cached.reply(task()))
    cached.close()
    model = says(GOOD)
    [answer] = run(file, model, task())
    assert (answer.repaired, len(model.asked), len(model.asked[0])) == (True, 1, 4)


def test_a_repair_that_failed_for_want_of_a_server_is_the_only_thing_asked_again(
    says: Make, task: Make, file: Path
) -> None:
    run(file, says(BAD, Reply(text="", model="script-1", outcome="failed")), task())
    model = says(GOOD)
    [answer] = run(file, model, task())
    assert (answer.repaired, len(model.asked)) == (True, 1)


@pytest.mark.parametrize("outcome", ["refused", "truncated", "filtered", "invalid", "failed"])
@pytest.mark.parametrize("before", [(), (BAD,)], ids=["question", "repair"])
def test_in_one_run_a_question_without_use_is_asked_once(
    before: tuple[str, ...], outcome: str, says: Make, task: Make, file: Path
) -> None:
    """So its outcome is the same throughout, also in the replay of an export."""
    model = says(*before, Reply(text="", model="script-1", outcome=outcome), GOOD)
    assert outcomes(run(file, model, task(), task(), task())) == [outcome] * 3
    assert len(model.asked) == len(before) + 1


@pytest.mark.parametrize(("second", "said"), [("1", "refused"), ("2", "answered")])
def test_the_steps_of_one_command_give_a_question_one_outcome(
    second: str, said: str, says: Make, task: Make, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export has one reply to each question, and replays every step from it."""
    model = says(Reply(text="", model="script-1", outcome="refused"), GOOD)
    monkeypatch.setenv("E2EP_RUN", "1")
    assert outcomes(run(file, model, task())) == ["refused"]
    monkeypatch.setenv("E2EP_RUN", second)
    assert outcomes(run(file, model, task())) == [said]


def test_in_one_run_an_unreadable_answer_is_repaired_once(
    says: Make, task: Make, file: Path
) -> None:
    model = says(BAD, BAD, GOOD)
    assert outcomes(run(file, model, task(), task(), task())) == ["invalid"] * 3
    assert len(model.asked) == 2


def test_what_an_older_version_kept_as_an_answer_is_evidence_if_it_is_of_no_use(
    says: Make, task: Make, file: Path
) -> None:
    model, cache = says(GOOD), AnswerCache(file)
    old = Reply(text=BAD, model="script-1").model_dump_json()
    cache._database.execute(
        "INSERT INTO replies VALUES (?, 'pick', 'script-1', '[]', ?, 1.0)",
        (cache_key(model, task()), old),
    )
    cache.close()
    [answer] = run(file, model, task())
    assert (answer.outcome, answer.repaired, len(model.asked)) == ("answered", False, 1)
    assert tables(file) == {"replies": [GOOD], "unanswered": [BAD]}


@pytest.mark.parametrize("texts", [(BAD, BAD), (BAD, GOOD), (BAD, WORSE), (GOOD,)])
def test_an_export_of_a_run_repeats_it_whatever_an_older_one_had_kept(
    texts: tuple[str, ...], says: Make, task: Make, file: Path, tmp_path: Path
) -> None:
    cache = AnswerCache(file)
    key = cache_key(says(), task())
    old = Reply(text="an older answer of no use", model="script-1").model_dump_json()
    messages = json.dumps(task().plain_messages())
    row = "(?, 'pick', 'script-1', ?, ?, 1.0)"
    cache._database.execute(f"INSERT INTO replies VALUES {row}", (key, messages, old))
    cache.close()

    async def both(model: Any) -> tuple[Answer[Any], Asked]:
        """The question, and another one that is answered: a step without any answer fails."""
        answer = await ask(model, task())
        assert (await ask(model, task(("a", "ccc")))).value
        return answer, model.asked()

    cached = Cached(says(*texts, GOOD), AnswerCache(file))
    answer, asked = asyncio.run(both(Counted(cached)))
    cached.close()
    lines = export_answers(file, asked.keys)
    (tmp_path / "answers.jsonl").write_text("\n".join(lines), encoding="utf-8")

    async def replayed() -> tuple[Answer[Any], Asked]:
        settings = LlmParams(provider="replay", replay=tmp_path / "answers.jsonl")
        async with connected(settings) as model:
            return await both(model)

    again, asked_again = asyncio.run(replayed())
    assert (again.value, again.outcome, again.repaired) == (
        answer.value,
        answer.outcome,
        answer.repaired,
    )
    assert asked_again.calls == asked.calls
