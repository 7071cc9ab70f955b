"""llm.users: questions about users go to one server, those about films to the other."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from stages.contracts.rows import CANDIDATES, RATINGS
from stages.core.tables import write_table
from stages.profile.__main__ import items, users
from stages.rerank.__main__ import main as rerank
from tests.llm.server import Act, Asked, Server, chat

PROFILE = {
    "overview": "Calm.",
    "genres": ["Drama"],
    "tags": ["sea"],
    "description": "",
    "dislikes": [],
}
FILES = ("prepare", "movies.parquet", "items.jsonl", "users.jsonl", "users.asked.json")


def answer(asked: Asked) -> Act:
    """Good for every question of these stages."""
    data = json.loads(asked.body["messages"][-1]["content"].splitlines()[-1])
    if "candidates" in data:
        return chat(json.dumps({"order": [film["label"] for film in data["candidates"]]}))
    return chat(json.dumps({"reasons": []} if "evidence" in data else PROFILE))


@pytest.fixture
def servers(project: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Server, Server]]:
    """One for films and one for users, named in params.yaml."""
    monkeypatch.setenv("E2EP_CACHE_DIR", str(project.root / "cache"))
    films, people = Server(answer), Server(answer)
    llm: dict[str, Any] = {"provider": "openai", "model": "out", "base_url": f"{films.url}/v1"}
    llm["users"] = {"provider": "openai", "model": "at-home", "base_url": f"{people.url}/v1"}
    sections = {"seed": 7, "llm": llm, "rerank": {"reasons": {"strategies": ["prompt"]}}}
    (project.root / "params.yaml").write_text(yaml.safe_dump(sections), encoding="utf-8")
    yield films, people
    for server in (films, people):
        server.shutdown()
        server.server_close()


def run_all() -> None:
    """Film profiles, user profiles, reranking with its reasons."""
    items(
        Path("data/tiny"),
        Path(),
        Path("movies.parquet"),
        Path("items.jsonl"),
        Path("items.asked.json"),
    )
    users(Path("data/tiny"), "fold-1", *map(Path, FILES))
    rows, places = np.divmod(np.arange(30), 10)
    lists = pd.DataFrame({"user_row": rows, "item_row": places, "place": places, "score": -places})
    write_table(Path("base/candidates.parquet"), lists, CANDIDATES)
    test = pd.DataFrame([(0, 14, 5.0, 1, 0)], columns=RATINGS.names)
    for name in ("train", "test"):
        write_table(Path(f"splits/fold-1/{name}.parquet"), test, RATINGS)
    names = (".", *FILES[1:4], "embed", "base", "out")
    rerank("prompt", "fold-1", *map(Path, names))


def kinds(server: Server) -> set[str]:
    """The first words of each question's first instructions."""
    return {
        asked.body["messages"][0]["content"].split(".")[0].split(",")[0] for asked in server.asked
    }


@pytest.mark.usefixtures("project")
def test_no_question_about_users_leaves_home_and_none_about_films_comes_there(
    servers: tuple[Server, Server],
) -> None:
    films, people = servers
    run_all()
    assert kinds(films) == {"You describe a film for a recommender system"}
    assert len(films.asked) == 16
    assert not kinds(films) & kinds(people)
    asked = [one.body["messages"][-1]["content"] for one in people.asked]
    assert any("liked_films" in text for text in asked)
    assert any("evidence" in text for text in asked)
    assert any('"liked": true' in text for text in asked)
    assert {one.body["model"] for one in people.asked} == {"at-home"}


def test_the_key_for_films_never_reaches_the_server_for_users(
    servers: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    films, people = servers
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    monkeypatch.setenv("E2EP_API_KEY", "sk-films")
    monkeypatch.setenv("E2EP_USERS_API_KEY", "sk-home")
    run_all()
    headers = [[asked.headers for asked in server.asked] for server in (films, people)]
    keys = [
        {value for one in every for name, value in one.items() if name.lower() == "authorization"}
        for every in headers
    ]
    assert keys == [{"Bearer sk-films"}, {"Bearer sk-home"}]


def test_offline_rules_for_users_ask_no_server(
    servers: tuple[Server, Server], project: Any
) -> None:
    films, people = servers
    sections = yaml.safe_load((project.root / "params.yaml").read_text())
    sections["llm"]["users"] = "offline"
    (project.root / "params.yaml").write_text(yaml.safe_dump(sections), encoding="utf-8")
    run_all()
    assert (len(films.asked), len(people.asked)) == (16, 0)


def test_people_of_whom_no_profile_is_usable_end_the_stage(
    servers: tuple[Server, Server], project: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    _, people = servers
    people.script = lambda _: chat('{"overview": "Ca', end="length")
    with pytest.raises(SystemExit):
        run_all()
    said = capsys.readouterr().err
    assert re.fullmatch(
        r"error: profile-user: none of the \d such questions had a usable answer \(\d truncated\); "
        r"raise llm\.max_tokens or lower llm\.effort, then run the same command again: every "
        r"answer so far is kept\n",
        said,
    )
    assert not (project.root / "users.jsonl").exists()
