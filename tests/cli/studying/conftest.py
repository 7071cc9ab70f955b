"""A made-up run of thirty users, whose lists differ, and answers whose truth is known."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner, Result

from e2ep_cli.main import app
from e2ep_cli.studying.key import StudyKey, read_key
from stages.contracts.rows import (
    CANDIDATES,
    ENRICHED,
    JUDGED,
    RATINGS,
    USERS,
    Explained,
    Explanation,
    Judgement,
    Profile,
    UserProfile,
)
from stages.core.tables import write_jsonl, write_table
from tests.cli.newcomers.test_newcomers import project as films

__all__ = ["films"]
PEOPLE = [f"u{number}" for number in range(30)]
TITLES = [f"Film {letter}" for letter in "ABCDEFGHIJKLMNOP"]
TITLES[3] = "<script>alert(1)</script> & \u202ered\u202c"
ORDERS = {"up": range(4, 12), "down": range(11, 3, -1)}
"""Model → rows of its candidates; the first three films are liked by everybody."""


@pytest.fixture
def study(films: Path) -> Path:
    """Models `up` and `down` rank in opposite orders; `scored` reranks and explains `up`."""
    params = yaml.safe_load((films / "params.yaml").read_text())
    params |= {"models": list(ORDERS), "strategies": ["none", "scored"], "seed": 7}
    params["rerank"] |= {"bases": ["up"]}
    params["rerank"]["reasons"]["strategies"] = ["none", "scored"]
    (films / "params.yaml").write_text(yaml.safe_dump(params))
    artifacts = films / "artifacts/tiny"
    blank = dict.fromkeys(ENRICHED.names) | {"directors": [], "cast": [], "creators": []}
    rows = [
        blank
        | {"item_row": row, "item_id": f"m{row}", "title": title, "year": 1990, "genres": ["Crime"]}
        for row, title in enumerate(TITLES)
    ]
    write_table(artifacts / "enrich/movies.parquet", pd.DataFrame(rows), ENRICHED)
    users = pd.DataFrame({"user_row": range(len(PEOPLE)), "user_id": PEOPLE})
    users = users.assign(age=30, gender=None, occupation=None)
    write_table(artifacts / "prepare/users.parquet", users, USERS)
    rated = pd.DataFrame({"user_row": [0], "item_row": [0]}).assign(rating=5, timestamp=0, nth=-1)
    for part in ("train", "valid"):
        write_table(artifacts / f"prepare/splits/fold-1/{part}.parquet", rated, RATINGS)
    for model, order in ORDERS.items():
        made = ((user, item) for user in range(len(PEOPLE)) for item in order)
        frame = pd.DataFrame(made, columns=["user_row", "item_row"])
        frame = frame.assign(place=list(range(8)) * len(PEOPLE), score=1.0)
        folder = artifacts / f"train/fold-1/{model}"
        write_table(folder / "candidates.parquet", frame, CANDIDATES)
    up = pd.read_parquet(artifacts / "train/fold-1/up/candidates.parquet")
    judged = up.assign(value=up["place"] / 7).drop(columns="score")
    for strategy in ("none", "scored"):
        folder = artifacts / f"rerank/fold-1/up/{strategy}"
        write_table(folder / "judged.parquet", judged, JUDGED)
        asked = [judgement(user) for user in PEOPLE]
        write_jsonl(folder / "judgements.jsonl", asked)
        lists = [explanation(user, strategy) for user in PEOPLE]
        path = artifacts / f"explain/fold-1/up/{strategy}/explanations.jsonl"
        write_jsonl(path, lists)
    taste = Profile(overview="", genres=(), tags=(), description="", dislikes=())
    likes = ("m0", "m1", "m2", "m3")
    profiles = [
        UserProfile(user_id=user, profile=taste, integrated="", source="", liked=likes, disliked=())
        for user in PEOPLE
    ]
    write_jsonl(artifacts / "profile/fold-1/users.jsonl", profiles)
    return films


def judgement(user: str) -> Judgement:
    return Judgement(
        user_id=user, shown=(), scores=(), order=None, outcome="answered", model="a judge"
    )


def explanation(user: str, strategy: str) -> Explanation:
    """Eight films; `scored` turns the order round and gives other reasons."""
    order = ORDERS["up" if strategy == "none" else "down"]
    items = tuple(
        Explained(
            item_id=f"m{item}",
            title=TITLES[item],
            graph_score=1.0,
            graph_place=item - 4,
            judge_value=0.5,
            place=place,
            claims=(),
            dropped=0,
            reason=f"{strategy} says {item}.",
        )
        for place, item in enumerate(order)
    )
    return Explanation(user_id=user, base="up", strategy=strategy, source=strategy, items=items)


def typed(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["study", *map(str, words)], env={"COLUMNS": "120"})


def made_sheet(*words: str, sides: tuple[str, str] = ("up", "down")) -> StudyKey:
    """The key of `study.html`, made in the working folder."""
    done = typed("sheet", *sides, *words)
    assert done.exit_code == 0, done.stderr
    return read_key(Path("study.key.json"))


Answering = Callable[[str, Any], str]
"""Gives a person's answer to a pair: `first`, `second`, or what the sheet offers."""


def answered(key: StudyKey, people: Iterable[str], answering: Answering) -> Path:
    """A file of answers; checks are answered rightly unless `answering` gives a letter."""
    lines = ["sheet,person,pair,question,answer"]
    for person in people:
        for pair in key.pairs:
            said = answering(person, pair)
            if said in ("first", "second"):
                said = pair.right or ("A" if said == pair.left else "B")
            lines += [f"{key.sheet},{person},{pair.pair},{name},{said}" for name in key.questions]
    path = Path("answers.csv")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
