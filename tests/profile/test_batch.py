"""User profiles by batches, turn for turn, are those of single requests."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import yaml

from tests.llm.batch_server import BatchServer, said_by
from tests.llm.server import Act, Asked, Server, chat


def answer(request: dict[str, Any]) -> Act:
    """An answer that depends on the whole conversation."""
    word = hashlib.sha256(json.dumps(request["messages"]).encode()).hexdigest()[:8]
    tags = [f"tag {len(said_by(request)) % 16}"]
    said = {
        "overview": f"Likes {word}.",
        "genres": ["Genre 0"],
        "tags": tags,
        "description": "",
        "dislikes": [],
    }
    return chat(json.dumps(said))


@pytest.fixture
def servers() -> Iterator[dict[str, Any]]:
    def by_request(asked: Asked) -> Act:
        return answer(asked.body)

    with ExitStack() as closing:
        made = {"online": Server(by_request), "batch": BatchServer(answer)}
        for server in made.values():
            closing.callback(server.server_close)
            closing.callback(server.shutdown)
        yield made


def test_batch_mode_writes_the_same_file_as_online_mode(
    project: Any, servers: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write(
        "train",
        [(user, (user + i) % 16, 5.0 if i < 7 else 1.0, i) for user in range(3) for i in range(9)],
    )
    written = {}
    for mode, server in servers.items():
        monkeypatch.setenv("E2EP_CACHE_DIR", str(project.root / mode))
        llm = {
            "provider": "openai",
            "model": "gpt-4o-mini",
            "base_url": f"{server.url}/v1",
            "mode": mode,
            "poll": 0.01,
            "concurrency": 2,
        }
        (project.root / "params.yaml").write_text(yaml.safe_dump({"llm": llm}), encoding="utf-8")
        written[mode] = project.users()
    assert written["batch"] == written["online"]
    assert written["batch"].count(b"\n") == 3
    turns = [len(job.requests) for job in servers["batch"].book.jobs]
    assert (turns, len(servers["online"].asked)) == ([3, 3, 3], 9)
