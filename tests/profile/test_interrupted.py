"""Profile runs killed and resumed, and four at once: the same file, no answer paid for twice."""

import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from stages.contracts.rows import USERS
from stages.core.tables import write_table
from tests.llm.server import Act, Asked, Server, chat
from tests.patience import patient

N_USERS, KILLS = 200, 20
DRIVER = """
import os, sys
from pathlib import Path
import stages.llm.providers.openai
from stages.profile.__main__ import users

for line in sys.stdin:
    cache, *outs = line.split()
    os.environ["E2EP_CACHE_DIR"] = cache
    children = []
    for out in outs:
        children.append(os.fork())
        if not children[-1]:
            written = Path(out), Path(out + ".asked")
            read = Path("prepare"), Path("movies.parquet"), Path("items.jsonl")
            users(Path("data/tiny"), "fold-1", *read, *written)
            os._exit(0)
    print(*children, flush=True)
    print(*(os.waitpid(child, 0)[1] for child in children), flush=True)
"""


class Watchful:
    """Answers by the request alone, and notes each question that the cache held when it came."""

    def __init__(self) -> None:
        self.file: Path | None = None
        self.paid_twice: list[str] = []

    def __call__(self, asked: Asked) -> Act:
        question = json.dumps(asked.body["messages"], ensure_ascii=False)
        if self.file and self.file.exists():
            with closing(sqlite3.connect(self.file, timeout=patient(30))) as database:
                found = database.execute(
                    "SELECT count(*) FROM replies WHERE asked = ?", (question,)
                ).fetchone()
            self.paid_twice += [question] * found[0]
        word = hashlib.sha256(question.encode()).hexdigest()[:8]
        said = {
            "overview": f"Likes {word}.",
            "genres": ["Drama"],
            "tags": [word],
            "description": "",
            "dislikes": [],
        }
        return Act(chat(json.dumps(said)).body, delay=0.01)


class Runs:
    """A process with everything imported, which forks a run for each output file named to it."""

    def __init__(self, root: Path) -> None:
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(
            [sys.executable, "-c", DRIVER], cwd=root, env=environment, **pipes
        )

    def start(self, cache: str, *outs: str) -> list[int]:
        assert self.process.stdin is not None
        print(cache, *outs, file=self.process.stdin, flush=True)
        return self._line()

    def ended(self) -> list[int]:
        """How each of them ended, once all have."""
        return self._line()

    def whole(self, cache: str, *outs: str) -> list[int]:
        self.start(cache, *outs)
        return self.ended()

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)

    def _line(self) -> list[int]:
        """Numbers alone: what a run logs goes to the same pipe."""
        assert self.process.stdout is not None
        while line := self.process.stdout.readline():
            if line.strip() and not line.startswith("profile"):
                return [int(word) for word in line.split()]
        raise AssertionError("the driver ended")


@pytest.fixture
def watchful() -> Watchful:
    return Watchful()


@pytest.fixture
def server(watchful: Watchful) -> Iterator[Server]:
    started = Server(watchful)
    yield started
    started.shutdown()
    started.server_close()


@pytest.fixture
def runs(project: Any, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runs]:
    """Two hundred users, each with a turn of liked and one of disliked films."""
    monkeypatch.setenv("E2EP_API_KEY", "sk-made-up")
    ids = [f"u{row}" for row in range(N_USERS)]
    people = {"user_row": range(N_USERS), "user_id": ids, "gender": "", "age": 30, "occupation": ""}
    write_table(project.root / "prepare" / "users.parquet", pd.DataFrame(people), USERS)
    rows = [
        (u, (u + i * (1 + u // 16)) % 16, 5.0 if i < 3 else 1.0, i)
        for u in range(N_USERS)
        for i in range(6)
    ]
    project.write("train", list({row[:2]: row for row in rows}.values()))
    llm = {"provider": "openai", "model": "gpt-4o-mini", "concurrency": 4}
    llm["base_url"] = f"{server.url}/v1"
    (project.root / "params.yaml").write_text(yaml.safe_dump({"llm": llm}), encoding="utf-8")
    made = Runs(project.root)
    yield made
    made.close()


def test_kill_9_at_twenty_moments_changes_no_byte_and_pays_for_no_stored_answer_again(
    runs: Runs, server: Server, watchful: Watchful, project: Any
) -> None:
    killed, draw = project.root / "killed.jsonl", random.Random(7)
    watchful.file = project.root / "cache" / "replies.sqlite"
    for _ in range(KILLS):
        target = len(server.asked) + draw.randint(1, 30)
        (child,) = runs.start("cache", killed.name)
        until = time.monotonic() + patient(20)
        while len(server.asked) < target and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(draw.uniform(0, 0.01))
        os.kill(child, signal.SIGKILL)
        assert runs.ended() == [signal.SIGKILL]
        assert not killed.exists()
    assert runs.whole("cache", killed.name) == [0]
    assert watchful.paid_twice == []
    assert runs.whole("alone", "alone.jsonl") == [0]
    assert killed.read_bytes() == (project.root / "alone.jsonl").read_bytes()
    assert killed.read_bytes().count(b"\n") == N_USERS


def test_four_processes_on_one_cache_make_the_same_file_and_ask_nothing_twice(
    runs: Runs, server: Server, project: Any
) -> None:
    names = [f"{letter}.jsonl" for letter in "abcd"]
    assert runs.whole("cache", *names) == [0] * 4
    questions = [json.dumps(one.body["messages"]) for one in server.asked]
    assert len(questions) == len(set(questions)) > N_USERS
    assert runs.whole("alone", "alone.jsonl") == [0]
    assert {(project.root / name).read_bytes() for name in [*names, "alone.jsonl"]} == {
        (project.root / "alone.jsonl").read_bytes()
    }
