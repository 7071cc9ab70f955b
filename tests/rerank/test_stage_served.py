"""`python -m stages.rerank` before a server: what a fatal error, or nothing but fallbacks, ends."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.llm.rules_server import answer
from tests.llm.server import Act, Asked, Server, chat
from tests.patience import patient

WIDTH = 8
FATAL = {
    "401": (Act({"error": {"message": "no"}}, 401), "asks for a key"),
    "far": (Act({"error": {}}, 429, {"retry-after": "7200"}), "openai asks to wait 7,200 s"),
    "quota": (Act({"error": {"code": "insufficient_quota"}}, 429), "has no quota left"),
}


def run(project: Path, server: Server, strategy: str, **llm: Any) -> subprocess.CompletedProcess:
    """The stage as DVC starts it."""
    section = {
        "provider": "openai",
        "model": "gpt-4o-mini",
        "base_url": f"{server.url}/v1",
        "concurrency": WIDTH,
    }
    params = {"seed": 7, "llm": section | llm, "rerank": {"users": "all"}}
    (project / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    files = {
        "strategy": strategy,
        "split": "fold-1",
        "prepared": ".",
        "movies": "movies.parquet",
        "items": "items.jsonl",
        "users": "users.jsonl",
        "embedded": "embed/items",
        "trained": "base",
        "out": "out",
    }
    options = [word for name, value in files.items() for word in (f"--{name}", value)]
    environment = {name: value for name, value in os.environ.items() if "API_KEY" not in name}
    environment |= {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "E2EP_CACHE_DIR": str(project / "cache"),
    }
    return subprocess.run(
        [sys.executable, "-m", "stages.rerank", *options],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=patient(60),
    )


def kept(project: Path) -> int:
    with closing(sqlite3.connect(project / "cache" / "replies.sqlite")) as database:
        count: int = database.execute("SELECT count(*) FROM replies").fetchone()[0]
        return count


@pytest.mark.parametrize(
    ("strategy", "fault"), [("pairwise", "401"), ("scored", "far"), ("pairwise", "quota")]
)
def test_after_a_fatal_error_nothing_is_asked_and_what_was_under_way_is_kept(
    strategy: str, fault: str, project: Path, serve: Any
) -> None:
    """The error is quick and answers are slow, so that seven of them are under way."""
    act, sentence = FATAL[fault]
    good: list[Asked] = []

    def script(asked: Asked) -> Act:
        if len(server.asked) >= 21:
            return act
        good.append(asked)
        return Act(chat(answer(asked)).body, delay=0.2)

    server = serve(script)
    done = run(project, server, strategy)
    assert (done.returncode, done.stdout) == (1, "")
    assert len(server.asked) <= 20 + WIDTH
    assert kept(project) == len(good) == 20
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: rerank judged: stopped after 0 of 4")
    assert not (project / "out").exists()


def test_questions_without_any_usable_answer_end_the_stage_at_the_stated_number(
    project: Path, serve: Any
) -> None:
    server = serve(lambda _: chat('{"scores": [', end="length"))
    done = run(project, server, "scored")
    assert done.returncode == 1
    assert (
        "score: none of the first 20 such questions had a usable answer (20 truncated); "
        "raise llm.max_tokens or lower llm.effort" in done.stderr
    )
    assert done.stderr.startswith("error: rerank judged: stopped after ")
    assert "(0 questions answered); score: none" in done.stderr
    assert done.stderr.count("\n") == 1
    assert len(server.asked) <= 20 + WIDTH
    assert not (project / "out").exists()


def test_a_step_with_few_questions_and_no_usable_answer_ends_at_its_end(
    project: Path, serve: Any
) -> None:
    server = serve(lambda _: chat("I liked them all!"))
    done = run(project, server, "prompt")
    assert (done.returncode, len(server.asked)) == (1, 8)
    assert (
        "rank: none of the 4 such questions had a usable answer (4 invalid); "
        "take another model" in done.stderr
    )
    assert not (project / "out").exists()


def test_questions_without_an_answer_are_the_same_number_wherever_they_are_counted(
    project: Path, serve: Any
) -> None:
    """One answer is refused, one cut off and two are not JSON, one of which is repaired."""
    acts = chat(None, refusal="No."), chat('{"order": [', end="length"), chat("no"), chat("no")
    repairs: list[Asked] = []

    def script(asked: Asked) -> Act:
        if len(asked.body["messages"]) == 2:
            return acts[len(server.asked) - len(repairs) - 1]
        repairs.append(asked)
        return chat(answer(asked)) if len(repairs) == 1 else chat("no")

    server = serve(script)
    done = run(project, server, "prompt", concurrency=1)
    assert done.returncode == 0
    lines = (project / "out" / "judgements.jsonl").read_text(encoding="utf-8").splitlines()
    outcomes = [json.loads(line)["outcome"] for line in lines]
    asked = json.loads((project / "out" / "asked.json").read_text(encoding="utf-8"))["calls"]
    answered = sum(row["outcomes"].get("answered", 0) for row in asked)
    questions = sum(row["calls"] for row in asked if not row["task"].endswith("-repair"))
    assert outcomes == ["refused", "truncated", "answered", "invalid"]
    assert (questions, answered) == (4, 1)
    assert "· 4 questions · 3 not answered ·" in done.stdout
