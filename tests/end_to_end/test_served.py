"""The commands of docs/language-models.md for OpenAI and for recorded answers, in turn.

They are typed against a local server that often fails.
"""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import ROOT, Clone, cloned
from tests.llm.rules_server import answer
from tests.llm.server import Act, Asked, Server, chat

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("served")]

CANARY = "-".join(("sk", "canary", "77c1e0b2d94f4e6fa8d3"))
"""In no file of the project, this one included."""
ECHO = {"error": {"message": f"Incorrect API key provided: {CANARY}", "code": "invalid"}}
SMALL = (
    *("--dataset", "tiny", "--set", "models=[popularity]", "--set", "rerank.bases=[popularity]"),
    *("--set", "rerank.users=8", "--set", "rerank.reasons.strategies=[scored,prompt]"),
    *("--set", "shown.splits=[]"),
)
FAULTS = (
    Act(ECHO, 500),
    Act(ECHO, 429, {"retry-after": "0"}),
    Act(f"<html>{CANARY}</html>"),
    Act(ECHO, cut=True),
    chat("no JSON here"),
)
EVERY = 23


class Fickle:
    """Answers by the offline rules; now and then it fails in the next one of several ways."""

    def __init__(self) -> None:
        self.came = 0

    def __call__(self, asked: Asked) -> Act:
        self.came += 1
        if self.came % EVERY == 0:
            return FAULTS[self.came // EVERY % len(FAULTS)]
        return chat(answer(asked))


def commands() -> list[list[str]]:
    """The e2ep commands of the page's sections, without their comments."""
    section = (
        (ROOT / "docs/language-models.md")
        .read_text(encoding="utf-8")
        .split("### With OpenAI or Gemini")[1]
        .split("\n## ")[0]
    )
    lines = re.findall(r"^\$ e2ep (?!memorised)(.*)$", section, re.MULTILINE)
    return [line.split("#")[0].split() for line in lines]


def small(clone: Clone) -> None:
    """Forty users and eighty films of the sample as a data set `tiny`."""
    folder = clone.folder / "data" / "sample"
    items, ratings = (
        list(csv.DictReader((folder / name).open())) for name in ("movies.csv", "ratings.csv")
    )
    kept = {one["movie_id"] for one in items[:80]}
    _write(clone.folder / "items.csv", [one for one in items if one["movie_id"] in kept])
    rows = [one for one in ratings if one["movie_id"] in kept and int(one["user_id"]) <= 40]
    _write(clone.folder / "rated.csv", rows)
    files = ("--ratings", "rated.csv", "--items", "items.csv")
    clone.ok("e2ep", "data", "import", "tiny", *files, "--item-name", "film")


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)


class Story:
    """What each command printed, and the folder after the served run and after its replay."""

    def __init__(self, clone: Clone, server: Server) -> None:
        self.clone, self.server, self.said = clone, server, list[str]()
        self.live: dict[str, bytes] = {}
        self.asked = 0
        small(clone)
        clone.ok("e2ep", "run", *SMALL)
        for words in commands():
            self._type(words)
        self.replayed = self.metrics()

    def _type(self, words: list[str]) -> None:
        url = f"{self.server.url}/v1"
        words = [re.sub(r"base_url=\S+", f"base_url={url}", word) for word in words]
        runs, replays = words[0] == "run", "llm.provider=replay" in words
        if replays:
            self.live, self.asked = self.metrics(), len(self.server.asked)
            shutil.move(self.clone.folder / ".cache", self.clone.folder.with_name("cache-aside"))
        where = (
            ()
            if "llm.provider=openai" not in words or "base_url" in " ".join(words)
            else ("--set", f"llm.base_url={url}", "--set", "llm.model=gpt-6-luna")
        )
        more = (
            (*SMALL, *where) if runs or (words[:1] == ["cost"] and "--spent" not in words) else ()
        )
        more = ("--dataset", "tiny") if words[:2] == ["llm", "export"] else more
        key = {} if replays else {"E2EP_API_KEY": CANARY, "OPENAI_LOG": "debug"}
        done = self.clone.run("e2ep", *words, *more, **key)
        self.said.append(f"{done.stdout}\n{done.stderr}")
        assert done.returncode == 0, self.said[-1]

    def metrics(self) -> dict[str, bytes]:
        """The numbers of the run that was made last."""
        locks = (self.clone.folder / "runs").glob("*/dvc.lock")
        latest = max(locks, key=lambda path: path.stat().st_mtime).parent
        return {path.name: path.read_bytes() for path in (latest / "metrics/tiny").iterdir()}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    server = Server(Fickle())
    clone = cloned(tmp_path_factory.mktemp("served") / "project")
    clone.ok("dvc", "pull", "data.dvc")
    yield Story(clone, server)
    server.shutdown()
    server.server_close()


def numbers(metrics: dict[str, bytes], name: str) -> Any:
    return json.loads(metrics[f"{name}.json"])


def test_the_model_answered_every_step_and_faults_were_made_good(story: Story) -> None:
    calls = numbers(story.live, "llm")
    assert set(calls) == {"profile-items", "profile-users", "rerank-prompt", "rerank-scored"}
    assert all(set(models) == {"served-1"} for tasks in calls.values() for models in tasks.values())
    assert calls["profile-items"]["profile-movie"]["served-1"]["calls"] == 80
    assert calls["rerank-scored"]["score"]["served-1"]["calls"] == 8 * 18
    assert calls["rerank-scored"]["explain"]["served-1"]["calls"] == 8
    assert any("-repair" in task for tasks in calls.values() for task in tasks)
    assert numbers(story.live, "record")["answered_by"] == ["served-1"]


def test_a_replay_without_key_cache_and_server_gives_the_same_metrics_byte_for_byte(
    story: Story,
) -> None:
    assert len(story.server.asked) == story.asked
    assert story.replayed == story.live


def test_the_key_is_in_no_file_and_in_nothing_that_was_printed(story: Story) -> None:
    said = "".join(story.said)
    assert any(CANARY in str(asked.headers) for asked in story.server.asked)
    assert "HTTP Request: POST" in said
    assert CANARY not in said
    folders = (story.clone.folder, story.clone.folder.with_name("cache-aside"))
    files = [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    ]
    assert any(path.name == "ledger.sqlite" for path in files)
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]


def test_the_ledger_has_a_row_for_every_request(story: Story) -> None:
    """The key's owner can check the bill: `e2ep cost --spent` says what the server counted."""
    [spent] = [said for said in story.said if "attempts, " in said]
    assert f"{story.asked:,} attempts, " in spent


def test_the_estimate_knew_how_many_questions_there_would_be(story: Story) -> None:
    [estimate] = [said for said in story.said if "A run would ask" in said]
    told = {
        row[0]: int(row[1].replace(",", ""))
        for row in re.findall(r"│ (\S[^│]*?\S *│ [\w-]+) +│ +([\d,]+) │", estimate)
    }
    counted = {" ".join(name.replace("│", " ").split()): count for name, count in told.items()}
    calls = numbers(story.live, "llm")
    assert (
        counted["profile-items profile-movie"]
        == calls["profile-items"]["profile-movie"]["served-1"]["calls"]
    )
    assert (
        counted["rerank fold-1 popularity scored score"]
        == calls["rerank-scored"]["score"]["served-1"]["calls"]
    )
    assert (
        counted["rerank fold-1 popularity scored explain"]
        == calls["rerank-scored"]["explain"]["served-1"]["calls"]
    )
    assert "gpt-4o-mini" in estimate
