"""The first error that ends the work: nothing begins after it, nobody sleeps on, nothing is lost.

The stage as a process is in tests/rerank/test_stage_served.py.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from stages.core.errors import InputError
from stages.core.http import Failure
from stages.llm.answers.structured import ask
from stages.llm.chat import Reply, failed
from stages.llm.concurrently import together
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.waiting.deadline import BudgetError
from stages.llm.waiting.halt import Halt
from stages.llm.waiting.waits import Clockwork
from stages.llm.wrappers.breaker import Breaker, OpenCircuitError
from tests.llm.server import Act, Asked, Server, chat
from tests.patience import patient

Make = Callable[..., Any]
GOOD = '{"label": "a", "score": 1}'
REFUSED = Act({"error": {}}, 401, delay=0.2)


def all_asked(server: Server, tasks: list[Any], clock: Clockwork, **more: Any) -> list[Any]:
    """Ask everything together; an answer or an error each, unless it takes for ever."""
    fields = {"provider": "openai", "model": "gpt-4o-mini", "base_url": f"{server.url}/v1"}

    async def run() -> list[Any]:
        async with asyncio.timeout(patient(10)), connected(LlmParams(**fields | more), clock) as m:
            return await asyncio.gather(*(ask(m, task) for task in tasks), return_exceptions=True)

    return asyncio.run(run())


async def for_ever(_: float) -> None:
    """A sleep that only the end of the work interrupts."""
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    "pause",
    [Act({"error": {}}, 429, {"retry-after": "60"}), Act("", 500)],
    ids=["cool-down", "back-off"],
)
def test_whoever_sleeps_is_woken(pause: Act, serve: Make, task: Make) -> None:
    """One question is refused for good while the others sleep."""

    def script(asked: Asked) -> Act:
        return REFUSED if '"fatal"' in asked.body["messages"][-1]["content"] else pause

    server = serve(script)
    tasks = [task((name,)) for name in ("fatal", "b", "c")]
    ends = all_asked(server, tasks, Clockwork(sleep=for_ever))
    assert {str(end) for end in ends} == {str(ends[0])}
    assert "asks for a key" in str(ends[0])
    assert len(server.asked) == 3


def test_the_same_sentence_is_raised_for_all_and_none_is_asked_after_it(
    serve: Make, task: Make
) -> None:
    server = serve(Act({"error": {}}, 401))
    ends = all_asked(server, [task((str(n),)) for n in range(30)], Clockwork(), concurrency=4)
    assert all(isinstance(end, InputError) for end in ends)
    assert len(server.asked) <= 4


def test_whoever_waits_for_calls_under_way_is_woken(serve: Make, task: Make) -> None:
    """The budget has room for one question at a time."""
    server = serve(REFUSED)
    tasks = [task((str(n),)) for n in range(5)]
    ends = all_asked(server, tasks, Clockwork(), budgets={"dollars": 0.003})
    assert [type(end) for end in ends] == [InputError] * 5
    assert len(server.asked) == 1


def test_an_error_that_comes_later_is_replaced_by_the_first() -> None:
    halt = Halt()

    async def work(n: int) -> None:
        with halt:
            await asyncio.sleep(0.01 * n)
            raise ValueError(n)

    async def run() -> list[Any]:
        return await asyncio.gather(*(work(n) for n in (2, 1, 0)), return_exceptions=True)

    assert [str(end) for end in asyncio.run(run())] == ["0"] * 3


def test_an_answer_that_comes_after_another_question_found_no_server_is_no_loss(
    task: Make,
) -> None:
    gone = Failure(reason="no server at x", passing=True, absent=True)
    found = Reply(text=GOOD, model="m")

    class Partly:
        provider, model = "p", "m"
        settings: dict[str, str | float | int] = {}  # noqa: RUF012

        async def reply(self, task: Any) -> Reply:
            if task.payload["items"] == ("gone",):
                return failed("m", gone)
            await asyncio.sleep(0.01)
            return found

    breaker = Breaker(Partly(), 5)

    async def run() -> list[Any]:
        questions = (breaker.reply(task((name,))) for name in ("slow", "gone"))
        return await asyncio.gather(*questions, return_exceptions=True)

    slow, lost = asyncio.run(run())
    assert slow == found
    assert isinstance(lost, OpenCircuitError)


def test_the_first_error_is_raised_once_all_have_ended() -> None:
    ended = []

    async def work(n: int) -> int:
        await asyncio.sleep(0.01 * n)
        ended.append(n)
        if n in (1, 2):
            raise ValueError(n)
        return n

    with pytest.raises(ValueError, match="1"):
        asyncio.run(together(work(n) for n in (3, 2, 1, 0)))
    assert ended == [0, 1, 2, 3]
    assert asyncio.run(together(work(n) for n in (3, 0))) == [3, 0]


def test_minutes_cut_the_call_under_way_which_counts_as_answered(
    serve: Make, task: Make, tmp_path: Path
) -> None:
    server = serve(Act(chat(GOOD).body, delay=3.0))
    [end] = all_asked(server, [task()], Clockwork(), budgets={"minutes": 0.005}, max_tokens=1000)
    assert isinstance(end, BudgetError)
    assert "llm.budgets.minutes is 0.005, which is over; every answer so far is kept" in str(end)
    with closing(sqlite3.connect(tmp_path / "cache" / "ledger.sqlite")) as database:
        [(out,)] = database.execute("SELECT output_tokens FROM attempts").fetchall()
    assert out == 1000
