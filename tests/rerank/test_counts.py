"""Counts agree: asked.json, judgements, reasons, the ledger and what is said of a step."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from stages.contracts.calls import Asked
from stages.contracts.reasons import RawReasons
from stages.contracts.rows import Judgement
from stages.core.tables import read_jsonl, read_model
from stages.rerank.__main__ import main
from tests.llm.rules_server import answer
from tests.llm.server import Act, Server, chat
from tests.llm.server import Asked as Request
from tests.rerank.conftest import FOLDERS

USELESS = (
    '{"order": ["F99"], "scores": [{"label": "F99", "score": 5}], "best": "F99", "reasons": []}'
)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "cache"))


def run(strategy: str, server: Server, out: str) -> None:
    llm = {"provider": "openai", "model": "m", "base_url": f"{server.url}/v1", "concurrency": 1}
    rerank = {"users": "all", "reasons": {"strategies": [strategy]}}
    Path("params.yaml").write_text(yaml.safe_dump({"seed": 7, "llm": llm, "rerank": rerank}))
    main(strategy, "fold-1", *map(Path, FOLDERS), Path(out))


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("strategy", ["prompt", "scored", "setwise"])
def test_what_was_answered_is_the_same_everywhere(
    strategy: str, serve: Callable[..., Server], capsys: pytest.CaptureFixture[str]
) -> None:
    """Of six replies: three of no use in a row, so that repairs fail too, one cut off, two good."""
    said: list[str] = []

    def say(asked: Request) -> Act:
        said.append(asked.path)
        turn = len(said) % 6
        return (
            chat(USELESS) if turn < 3 else chat("", "length") if turn == 3 else chat(answer(asked))
        )

    run(strategy, serve(say), "out")
    questions: Counter[str] = Counter(
        row.outcome for row in read_jsonl(Path("out/judgements.jsonl"), Judgement)
    )
    questions.update(row.outcome for row in read_jsonl(Path("out/reasons.jsonl"), RawReasons))
    replies: Counter[str] = Counter()
    repairs: Counter[str] = Counter()
    asked = read_model(Path("out/asked.json"), Asked)
    for row in asked.calls:
        (repairs if row.task.endswith("-repair") else replies).update(row.outcomes)
    assert {"answered", "invalid", "truncated"} <= set(questions)
    assert replies["invalid"] == repairs.total()
    final = replies + repairs
    final["invalid"] -= replies["invalid"]
    assert +final == questions
    line = capsys.readouterr().out
    unanswered = questions.total() - questions["answered"]
    assert f"{questions.total():,} questions" in line
    assert f"{unanswered:,} not answered" in line
    with closing(sqlite3.connect(Path("cache/ledger.sqlite"))) as database:
        rows = database.execute("SELECT outcome, count(*) FROM attempts GROUP BY 1").fetchall()
    assert dict(rows) == dict(replies + repairs)


@pytest.mark.usefixtures("project")
def test_a_mended_server_answers_what_another_left_without_use(
    serve: Callable[..., Server], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run("prompt", serve(lambda _: chat(USELESS)), "first")
    assert (
        "rank: none of the 4 such questions had a usable answer (4 invalid)"
        in capsys.readouterr().err
    )
    mended = serve(lambda asked: chat(answer(asked)))
    run("prompt", mended, "second")
    assert "8 questions · 0 not answered" in capsys.readouterr().out
    assert len(mended.asked) == 8
    run("prompt", mended, "third")
    assert len(mended.asked) == 8
    assert re.search("0 not answered", capsys.readouterr().out)
    known = [json.loads(Path(out, "asked.json").read_text()) for out in ("second", "third")]
    assert known[0] == known[1]
