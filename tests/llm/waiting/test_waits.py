"""A long wait is reported once for all, with what is waited for and until when."""

import asyncio
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stages.llm.answers.structured import Answer, ask
from stages.llm.chat import Reply, Usage
from stages.llm.concurrently import in_order
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.store.cache import cache_key
from stages.llm.store.ledger import Ledger
from stages.llm.store.locks import Locks
from stages.llm.waiting.cooldown import Cooldown
from stages.llm.waiting.deadline import BudgetError
from stages.llm.waiting.waits import Clockwork, Waits
from stages.llm.wrappers.budgeted import Budgeted, Budgets
from stages.llm.wrappers.recorded import Recorded
from tests.llm.batch_server import Plan, echo
from tests.llm.conftest import InstantClock
from tests.llm.server import Act, Asked, chat
from tests.patience import patient

Make = Callable[..., Any]
Printed = pytest.CaptureFixture[str]
GOOD = '{"label": "a", "score": 1}'
WAITING = re.compile(r"waiting for (.+) (until|since) \d\d:\d\d:\d\d \(([\d,]+) s\)")


def params(server: Any, **more: Any) -> LlmParams:
    fields = {"provider": "openai", "model": "gpt-4o-mini", "base_url": f"{server.url}/v1"}
    return LlmParams(**fields | more)


def asked(setting: LlmParams, clock: Any, *tasks: Any) -> list[Answer]:
    async def run() -> list[Answer]:
        async with connected(setting, clock) as model:
            return await in_order(lambda task: ask(model, task), tasks, setting.width, "answers")

    return asyncio.run(run())


def reported(capfd: Printed) -> list[tuple[str, str, str]]:
    """What, until or since, seconds; every line on stderr must be one."""
    lines = capfd.readouterr().err.splitlines()
    found = [WAITING.fullmatch(line) for line in lines]
    assert all(found), lines
    return [(one[1], one[2], one[3]) for one in found if one]


def busy_first(count: int, act: Act) -> Callable[[Asked], Act]:
    """A script that answers after so many requests."""
    seen: list[Asked] = []

    def script(asked: Asked) -> Act:
        seen.append(asked)
        return act if len(seen) <= count else chat(GOOD)

    return script


class SameClock(InstantClock):
    """Whoever begins to sleep at the same time wakes at the same time."""

    async def pass_time(self, seconds: float) -> None:
        end = self.time + seconds
        await asyncio.sleep(0)
        self.time = max(self.time, end)


def test_a_pause_that_the_server_asks_for_is_one_line(
    serve: Make, task: Make, clock: Any, capfd: Printed
) -> None:
    server = serve(Act({"error": {}}, 429, {"retry-after": "42"}), chat(GOOD))
    asked(params(server), clock, task())
    assert reported(capfd) == [("openai (HTTP 429)", "until", "42")]


def test_a_pause_of_all_workers_is_one_line_for_all(capfd: Printed) -> None:
    cooldown = Cooldown(Waits(SameClock()), 1)

    async def run() -> None:
        cooldown.lengthen(42, "it")
        await asyncio.gather(*(cooldown.over() for _ in range(32)))

    asyncio.run(run())
    assert reported(capfd) == [("it", "until", "42")]


def test_a_pause_that_is_lengthened_a_little_is_no_other_line(capfd: Printed) -> None:
    clock = SameClock()
    cooldown = Cooldown(Waits(clock), 1)

    async def run() -> None:
        cooldown.lengthen(42, "it")
        waiting = asyncio.create_task(cooldown.over())
        await asyncio.sleep(0)
        cooldown.lengthen(43, "it")
        await waiting

    asyncio.run(run())
    assert clock.time >= 43
    assert reported(capfd) == [("it", "until", "42")]


def test_many_pauses_for_the_same_reason_are_few_lines(capfd: Printed) -> None:
    """Of 64 waits; another line comes once the end that the last one named has passed."""
    waits = Waits(SameClock())

    async def work(n: int) -> None:
        await waits.sleep(30 + n, "it")
        await waits.sleep(8, "it")

    async def run() -> None:
        await asyncio.gather(*(work(n) for n in range(32)))

    asyncio.run(run())
    assert [one[0] for one in reported(capfd)] == ["it"] * 3


def test_a_short_pause_is_no_line(serve: Make, task: Make, clock: Any, capfd: Printed) -> None:
    server = serve(busy_first(1, Act({"error": {}}, 429, {"retry-after": "4"})))
    asked(params(server), clock, task())
    assert reported(capfd) == []


def test_short_pauses_without_an_answer_add_up(
    serve: Make, task: Make, clock: Any, capfd: Printed
) -> None:
    """Half a second, 1, 2 and 4: the fourth ends after more than five."""
    asked(params(serve(busy_first(4, Act("", 503)))), clock, task())
    assert reported(capfd) == [("openai (HTTP 503)", "until", "4")]


def test_an_answer_in_between_starts_the_count_anew(
    serve: Make, task: Make, clock: Any, capfd: Printed
) -> None:
    acts = [Act("", 503)] * 3 + [chat(GOOD)] + [Act("", 503)] * 3 + [chat(GOOD)]
    asked(params(serve(*acts), concurrency=1), clock, task(("a",)), task(("b",)))
    assert reported(capfd) == []


def test_a_wait_of_minutes_is_reported_every_minute(
    serve: Make, task: Make, clock: Any, capfd: Printed
) -> None:
    server = serve(busy_first(1, Act({"error": {}}, 429, {"retry-after": "150"})))
    asked(params(server), clock, task())
    assert [(until, seconds) for _, until, seconds in reported(capfd)] == [
        ("until", "150"),
        ("until", "90"),
        ("until", "30"),
    ]


def test_another_pause_after_the_first_is_another_line(
    serve: Make, task: Make, clock: Any, capfd: Printed
) -> None:
    server = serve(busy_first(2, Act({"error": {}}, 429, {"retry-after": "20"})))
    asked(params(server), clock, task())
    assert reported(capfd) == [("openai (HTTP 429)", "until", "20")] * 2


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_no_wait_gets_the_usual_one(
    status: int, serve: Make, task: Make, clock: Any
) -> None:
    server = serve(Act({"error": {}}, status, {"retry-after": "0"}))
    [answer] = asked(params(server, attempts=5), clock, task())
    assert (answer.outcome, len(server.asked)) == ("failed", 5)
    assert sum(clock.slept) >= 0.5 + 1 + 2 + 4


def test_gemini_asks_for_no_wait_in_its_own_words_and_gets_the_usual_one(
    serve: Make, task: Make, clock: Any
) -> None:
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "0s"}
    server = serve(Act({"error": {"code": 429, "message": "no", "details": [info]}}, 429))
    setting = LlmParams(
        provider="gemini", model="gemini-2.5-flash", base_url=server.url, attempts=5
    )
    [answer] = asked(setting, clock, task())
    assert (answer.outcome, len(server.asked)) == ("failed", 5)
    assert sum(clock.slept) >= 0.5 + 1 + 2 + 4


def test_a_batch_is_reported_by_the_minute_since_it_began(
    serve_batches: Make, task: Make, clock: Any, capfd: Printed
) -> None:
    server = serve_batches(echo("openai"), Plan(looks=9))
    asked(params(server, mode="batch", poll=20), clock, task())
    lines = capfd.readouterr().err.splitlines()
    found = [one for line in lines if (one := WAITING.fullmatch(line))]
    assert [(one[1], one[2], one[3]) for one in found] == [
        ("1 batch at openai (which may take a day)", "since", seconds)
        for seconds in ("20", "80", "140")
    ]
    assert len(lines) == len(found) + 2


class Once:
    """A chat model that answers everything alike, after a while."""

    provider, model = "p", "m"
    settings: dict[str, str | float | int] = {}  # noqa: RUF012

    async def reply(self, _: Any) -> Reply:
        await asyncio.sleep(0.2)
        return Reply(text=GOOD, model="m", usage=Usage(input_tokens=100, output_tokens=10))


def test_waiting_for_calls_under_way_is_reported(
    task: Make, tmp_path: Path, capfd: Printed
) -> None:
    """`seen` is short, because this wait passes in real time."""
    ledger, budgets = Ledger(tmp_path / "ledger.sqlite"), Budgets(tokens=500)
    waits = Waits(Clockwork(), seen=0.01)
    model = Budgeted(Recorded(Once(), ledger, None, 50), budgets, ledger, None, 50, waits)

    async def run() -> None:
        await asyncio.gather(*(model.reply(task((name,))) for name in "ab"))

    asyncio.run(run())
    ledger.close()
    what = "calls under way (llm.budgets allows no more)"
    assert reported(capfd) == [(what, "since", "0")]


HOLDER = """
import asyncio, sys
from pathlib import Path
from stages.llm.store.locks import Locks
from stages.llm.waiting.waits import Waits

async def hold():
    async with Locks(Path(sys.argv[1]), Waits()).held(sys.argv[2]):
        print("held", flush=True)
        await asyncio.sleep(600)

asyncio.run(hold())
"""


def test_waiting_for_another_process_is_reported(
    task: Make, tmp_path: Path, clock: Any, capfd: Printed
) -> None:
    """The other one is killed once it has held the lock for 80 seconds of this clock."""
    key, file = cache_key(Once(), task()), tmp_path / "replies.locks"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(file), key], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"

        async def sleep(seconds: float) -> None:
            await clock.pass_time(seconds)
            if clock.time > 80 and other.poll() is None:
                other.send_signal(signal.SIGKILL)
                other.wait(patient(30))

        async def run() -> None:
            locks = Locks(file, Waits(Clockwork(clock.now, sleep, clock.draw)))
            async with locks.held(key):
                assert clock.time > 80
            locks.close()

        asyncio.run(run())
    found = reported(capfd)
    assert {one[:2] for one in found} == {("another process that asks the same question", "since")}
    first, second = (int(seconds) for *_, seconds in found)
    assert first in range(5, 7)
    assert second in range(65, 72)


def test_a_fault_is_reported_as_it_is(serve: Make, task: Make, clock: Any, capfd: Printed) -> None:
    """Two kinds of fault are two lines."""
    slow = {"retry-after": "30"}
    acts = [Act({"error": {}}, 429, slow), Act("", 503, slow), chat(GOOD)]
    asked(params(serve(*acts)), clock, task())
    assert [what for what, _, _ in reported(capfd)] == ["openai (HTTP 429)", "openai (HTTP 503)"]


def test_a_system_clock_that_is_set_ahead_ends_no_minutes_and_renews_no_day(
    serve: Make, task: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, ahead, server = time.time, [0.0], serve(chat(GOOD))
    monkeypatch.setattr(time, "time", lambda: real() + ahead[0])
    setting = params(server, budgets={"minutes": 10, "calls": 2})

    async def run() -> list[Answer]:
        async with connected(setting) as model:
            first = await ask(model, task(("a",)))
            ahead[0] = 3 * 86_400.0
            return [first, await ask(model, task(("b",)))]

    assert [answer.outcome for answer in asyncio.run(run())] == ["answered"] * 2
    with pytest.raises(BudgetError, match=r"calls is 2: 2 calls are spent or under way in the"):
        asked(setting, None, task(("c",)))
