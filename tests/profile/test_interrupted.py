"""Profile runs against a real server, killed and resumed, and four at once: the same file, no answer paid for twice."""

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

from stages.core.schema import USERS
from stages.core.tables import write_table
from tests.llm.server import Act, Asked, Server, chat

N_USERS, TURNS, KILLS = 60, 2, 20
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
            users(Path("data/tiny"), "fold-1", Path("."), Path("movies.parquet"), Path("items.jsonl"), Path(out))
            os._exit(0)
    print(*children, flush=True)
    print(*(os.waitpid(child, 0)[1] for child in children), flush=True)
"""


class Watchful:
    """Answers by the request alone, and notes each question that the cache held when it came."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.paid_twice: list[str] = []

    def __call__(self, asked: Asked) -> Act:
        question = json.dumps(asked.body["messages"], ensure_ascii=False)
        if self.file.exists():
            with closing(sqlite3.connect(self.file, timeout=30)) as database:
                found = database.execute("SELECT count(*) FROM replies WHERE asked = ?", (question,)).fetchone()
            self.paid_twice += [question] * found[0]
        word = hashlib.sha256(question.encode()).hexdigest()[:8]
        said = {"overview": f"Likes {word}.", "genres": ["Drama"], "tags": [word], "description": "", "dislikes": []}
        return Act(chat(json.dumps(said)).body, delay=0.01)


class Runs:
    """A process with everything imported, which forks a run for each output file that it is told."""

    def __init__(self, root: Path) -> None:
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen([sys.executable, "-c", DRIVER], cwd=root, env=environment, **pipes)

    def start(self, cache: str, *outs: str) -> list[int]:
        assert self.process.stdin is not None
        print(cache, *outs, file=self.process.stdin, flush=True)
        return self._line()

    def ended(self) -> list[int]:
        return self._line()

    def _line(self) -> list[int]:
        """Numbers alone: what a run logs goes to the same pipe."""
        assert self.process.stdout is not None
        while line := self.process.stdout.readline():
            if line.strip() and not line.startswith("profile"):
                return [int(word) for word in line.split()]
        raise AssertionError("the driver ended")


@pytest.fixture
def served(project: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Path, Server, Watchful]]:
    """Sixty users, each with a turn of liked and one of disliked films."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-made-up")
    watch = Watchful(project.root / "cache" / "replies.sqlite")
    server = Server(watch)
    ids = [f"u{row}" for row in range(N_USERS)]
    people = {"user_row": range(N_USERS), "user_id": ids, "gender": "", "age": 30, "occupation": ""}
    write_table(project.root / "users.parquet", pd.DataFrame(people), USERS)
    rows = [(u, (u + i * (1 + u // 16)) % 16, 5.0 if i < 3 else 1.0, i) for u in range(N_USERS) for i in range(6)]
    project.write("train", list({row[:2]: row for row in rows}.values()))
    (project.root / "splits").symlink_to(project.root / "prepare" / "splits")
    llm = {"provider": "openai", "base_url": f"{server.url}/v1", "concurrency": 4}
    (project.root / "params.yaml").write_text(yaml.safe_dump({"llm": llm}), encoding="utf-8")
    yield project.root, server, watch
    server.shutdown()
    server.server_close()


def questions(server: Server) -> list[str]:
    return [json.dumps(one.body["messages"]) for one in server.asked]


def test_kill_9_at_twenty_moments_and_four_at_once_change_nothing(served: tuple[Path, Server, Watchful]) -> None:
    root, server, watch = served
    runs = Runs(root)
    with runs.process:
        draw = random.Random(7)
        kills = 0
        for _ in range(KILLS):
            before = len(server.asked)
            (child,) = runs.start("cache", "killed.jsonl")
            target = before + draw.randint(1, 5)
            until = time.monotonic() + 10
            while len(server.asked) < target and time.monotonic() < until and not (root / "killed.jsonl").exists():
                time.sleep(0.001)
            time.sleep(draw.uniform(0, 0.01))
            os.kill(child, signal.SIGKILL)
            kills += runs.ended() == [signal.SIGKILL]
        assert not (root / "killed.jsonl").exists()
        runs.start("cache", "killed.jsonl")
        assert (kills, runs.ended()) == (KILLS, [0])
        assert watch.paid_twice == []

        watch.file = root / "crowd" / "replies.sqlite"
        server.asked.clear()
        runs.start("crowd", "a.jsonl", "b.jsonl", "c.jsonl", "d.jsonl")
        assert runs.ended() == [0] * 4
        assert watch.paid_twice == []
        assert len(questions(server)) == len(set(questions(server)))

        runs.start("alone", "alone.jsonl")
        assert runs.ended() == [0]
        files = {(root / f"{name}.jsonl").read_bytes() for name in ("alone", "killed", "a", "b", "c", "d")}
        assert len(files) == 1
        assert files.pop().count(b"\n") == N_USERS
        runs.process.stdin.close()
