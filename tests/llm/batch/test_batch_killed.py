"""Batch mode, stopped at its worst moments: a restarted run waits and sends nothing twice."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.llm.batch_server import BatchServer, Plan, echo
from tests.patience import patient

Make = Callable[..., Any]
COUNT = 30
RUN = """
import asyncio, sys
from stages.llm.concurrently import in_order
from stages.llm.params import LlmParams
from stages.llm.providers import connected
from stages.llm.answers.structured import ask
from tests.llm.conftest import make_task

provider, url, model, count = sys.argv[1:]
# enough for every question once, not twice
budgets = {"dollars": 0.05 if provider == "openai" else 0.2}
asked = {"provider": provider, "base_url": url, "model": model, "budgets": budgets}
params = LlmParams(**asked, mode="batch", poll=0.05)

async def run():
    async with connected(params) as chat:
        tasks = [make_task((f"film {n}",)) for n in range(int(count))]
        return await in_order(lambda task: ask(chat, task), tasks, params.width, "answers")

print(*(answer.value.label for answer in asyncio.run(run())), sep="|")
"""


def start(server: BatchServer, provider: str, count: int = COUNT) -> subprocess.Popen[str]:
    url, model = (
        (server.url + "/v1", "gpt-4o-mini")
        if provider == "openai"
        else (server.url, "gemini-3.5-flash-lite")
    )
    command = [sys.executable, "-c", RUN, provider, url, model, str(count)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def stopped(server: BatchServer, provider: str, how: signal.Signals, looks: int) -> str:
    """The output of a run that was ended by this signal after this many polls of its batch."""
    with start(server, provider) as run:
        until = time.monotonic() + patient(30)
        while (
            not (server.book.jobs and server.book.jobs[0].looks >= looks)
            and time.monotonic() < until
        ):
            time.sleep(0.01)
        run.send_signal(how)
        _, said = run.communicate(timeout=patient(30))
    assert run.returncode != 0
    return said


def labels(run: subprocess.Popen[str]) -> list[str]:
    out, error = run.communicate(timeout=patient(60))
    assert run.returncode == 0, error
    return out.strip().split("|")


def begun(tmp_path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(tmp_path / "cache" / "ledger.sqlite")) as database:
        return database.execute(
            "SELECT outcome, count(*) FROM attempts GROUP BY outcome"
        ).fetchall()


@pytest.mark.parametrize("provider", ["openai", "gemini"])
@pytest.mark.parametrize(
    ("plan", "looks"),
    [(Plan(looks=10**9), 2), (Plan(held=5.0), 0)],
    ids=["while it waits", "before it is noted"],
)
def test_after_kill_9_no_question_is_sent_twice(
    provider: str, plan: Plan, looks: int, serve_batches: Make, tmp_path: Path
) -> None:
    server = serve_batches(echo(provider), plan, Plan())
    stopped(server, provider, signal.SIGKILL, looks)
    server.book.jobs[0].plan = replace(plan, looks=1)
    assert labels(start(server, provider)) == [f"film {n}" for n in range(COUNT)]
    assert [len(job.requests) for job in server.book.jobs] == [COUNT]
    assert begun(tmp_path) == [("answered", COUNT)]


def test_a_run_that_asks_more_sends_only_what_is_new(serve_batches: Make) -> None:
    server = serve_batches(echo("openai"), Plan(looks=10**9), Plan())
    stopped(server, "openai", signal.SIGKILL, 2)
    server.book.jobs[0].plan = Plan()
    assert labels(start(server, "openai", COUNT + 5)) == [f"film {n}" for n in range(COUNT + 5)]
    assert [len(job.requests) for job in server.book.jobs] == [COUNT, 5]


def test_ctrl_c_says_what_is_under_way_and_that_the_same_command_waits_for_it(
    serve_batches: Make,
) -> None:
    said = stopped(serve_batches(echo("openai"), Plan(looks=10**9)), "openai", signal.SIGINT, 2)
    assert (
        "1 batch is under way at openai; run the same command again to wait for what is under way\n"
        in said
    )


def test_two_processes_at_once_send_each_question_once(serve_batches: Make) -> None:
    server = serve_batches(echo("openai"), Plan(looks=20))
    crowd = [start(server, "openai") for _ in range(2)]
    assert [labels(run) for run in crowd] == [[f"film {n}" for n in range(COUNT)]] * 2
    assert set(Counter(server.book.questions()).values()) == {1}
    assert len(server.book.questions()) == COUNT
