"""The cache's real file among many processes, and under kill -9."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from tests.patience import patient

ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
WORKER = """
import asyncio, os, sys, time
from pathlib import Path
from pydantic import BaseModel
from stages.llm.chat import Reply
from stages.llm.store.cache import AnswerCache
from stages.llm.wrappers.cached import Cached
from stages.llm.task import Task

class Said(BaseModel):
    text: str

class Model:
    provider, model, settings, asked = "scripted", "script-1", {}, 0
    async def reply(self, task):
        self.asked += 1
        return Reply(text=said(task.payload["n"]), model="script-1")

def said(n):
    return Said(text=f"answer {n}").model_dump_json()

inner = Model()
start, count, stay = map(int, sys.argv[2:])
while start and time.time() < start:
    pass
cache = Cached(inner, AnswerCache(Path(sys.argv[1])))
for n in range(count):
    task = Task("count", "Say it.", {"n": n}, Said, lambda payload: Said(text=""))
    assert asyncio.run(cache.reply(task)).text == said(n)
print(inner.asked, flush=True)
time.sleep(stay)
"""
OPENERS = """
import multiprocessing, sys
from pathlib import Path
from stages.llm.store.cache import AnswerCache
from stages.llm.wrappers.cached import Cached

def open_all(barrier):
    for n in range(100):
        barrier.wait(30)
        Cached(None, AnswerCache(Path(sys.argv[1], f"{n}.sqlite"))).close()

fork = multiprocessing.get_context("fork")
barrier = fork.Barrier(6)
crowd = [fork.Process(target=open_all, args=(barrier,)) for _ in range(6)]
[process.start() for process in crowd]
[process.join() for process in crowd]
sys.exit(any(process.exitcode for process in crowd))
"""


def worker(file: Path, start: int = 0, count: int = 20, stay: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORKER, str(file), str(start), str(count), str(stay)]
    return subprocess.Popen(
        command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def stored(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return sorted(
            json.loads(json.loads(reply)["text"])["text"]
            for (reply,) in database.execute("SELECT reply FROM replies")
        )


def test_a_new_file_can_be_opened_by_many_processes_in_the_same_instant(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPENERS, str(tmp_path)]
    end = subprocess.run(
        command, env=ENVIRONMENT, capture_output=True, text=True, timeout=patient(60), check=False
    )
    assert (end.returncode, end.stderr) == (0, "")


def test_many_processes_at_once_keep_every_answer_once(tmp_path: Path) -> None:
    file = tmp_path / "replies.sqlite"
    crowd = [worker(file, start=int(time.time()) + 2) for _ in range(6)]
    ends = [(*process.communicate(timeout=patient(60)), process.returncode) for process in crowd]
    assert [(error, code) for _, error, code in ends] == [("", 0)] * 6
    assert stored(file) == sorted(f"answer {n}" for n in range(20))


def test_kill_9_right_after_a_reply_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    file = tmp_path / "replies.sqlite"
    with worker(file, count=3, stay=60) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "3\n"
        killed.send_signal(signal.SIGKILL)
    assert killed.returncode == -signal.SIGKILL
    assert stored(file) == ["answer 0", "answer 1", "answer 2"]
    asked_anew, _ = worker(file, count=4).communicate(timeout=patient(60))
    assert asked_anew == "1\n"
