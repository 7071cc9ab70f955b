"""A shop through the stages: nothing that a person or a model reads speaks of films or ratings."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from stages.contracts.rows import (
    CANDIDATES,
    Explanation,
    ItemProfile,
    UserProfile,
)
from stages.contracts.words import read_words
from stages.core.tables import read_jsonl, write_table
from stages.data.columns.columns import parse_columns
from stages.data.formats.own import Own
from stages.data.imports import read_import, write_import
from stages.data.sheets.meaning import parse_meaning
from stages.data.wording import parse_words
from stages.enrich.__main__ import main as enrich
from stages.explain.__main__ import main as explain
from stages.llm.wrappers.counted import Counted
from stages.prepare.__main__ import main as prepare
from stages.profile.__main__ import items, users
from stages.rerank.__main__ import main as rerank

ORDERS = "".join(
    f"c{customer},p{item}\n"
    for customer in range(12)
    for item in range(8)
    if (customer + item) % 4 and (item < 6 or customer % 2)
)
FULL = (
    "sku,name,category,brand,description\n"
    "p0,Light set,Strings,Ernie,Nickel strings with a warm sound.\n"
    "p1,Heavy set,Strings,Ernie,Nickel strings for loud songs.\n"
    "p2,Stand (10 pcs) (black),Stands,Hercules,A folding stand for a guitar.\n"
    "p3,Short cable,Cables,Cordial,\n"
    "p4,Long cable,Cables,Cordial,\n"
    "p5,Guitar bag,Bags,Hercules,A folding bag that murder weapons never saw.\n"
    "p6,Strap,Bags,Ernie,\n"
    "p7,Tuner,,,\n"
)
BARE = "\n".join(",".join(line.split(",")[:2]) for line in FULL.splitlines()) + "\n"
FOREIGN = re.compile(r"(?i)films?\b|movies?\b|\brated\b|\brates?\b.*\bhighly")


@pytest.fixture(params=[FULL, BARE], ids=["full", "bare"])
def shop(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder with the shop, taken through all stages but those that train a model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("E2EP_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "orders.csv").write_text(f"customer,sku\n{ORDERS}", encoding="utf-8")
    (tmp_path / "products.csv").write_text(request.param, encoding="utf-8")
    asked: list[Any] = []
    monkeypatch.setattr(Counted, "reply", _listening(Counted.reply, asked))
    own = Own(
        Path("orders.csv"),
        Path("products.csv"),
        None,
        parse_columns("item=sku"),
        words=parse_words("product", "buy", implicit=True),
    )
    meaning = parse_meaning(None, None, True, keep_last=False)
    write_import(read_import("shop", own, meaning, root=Path("data")))
    params = {"seed": 7, "splits": ["fold-1"], "rerank": {"reasons": {"strategies": ["prompt"]}}}
    Path("params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    data, prepared, movies = Path("data/shop"), Path("prepare"), Path("movies.parquet")
    prepare(data, prepared)
    enrich(data, prepared / "movies.parquet", movies)
    profiles, people = Path("items.jsonl"), Path("users.jsonl")
    items(data, prepared, movies, profiles, Path("items.asked.json"))
    users(data, "fold-1", prepared, movies, profiles, people, Path("users.asked.json"))
    train = prepared / "splits/fold-1/train.parquet"
    lists, out = _unseen(train), Path("judged")
    candidates = Path("base/candidates.parquet")
    write_table(candidates, lists, CANDIDATES)
    known = (prepared, movies, profiles, people, Path("embed"), candidates.parent)
    rerank("prompt", "fold-1", *known, out)
    explain(
        *("e2ep", "prompt", candidates, out / "judged.parquet", out / "reasons.jsonl"),
        *(train, prepared, movies, profiles, people, Path("explanations.jsonl")),
    )
    Path("asked.json").write_text(json.dumps(asked), encoding="utf-8")
    return tmp_path


def _listening(reply: Any, asked: list[Any]) -> Any:
    """The method itself, which also keeps what it is asked."""

    async def listening(self: Counted, task: Any) -> Any:
        asked.append([task.kind, task.plain_messages()])
        return await reply(self, task)

    return listening


def _unseen(train: Path) -> pd.DataFrame:
    """All items that a user has not bought, in the order of their rows."""
    seen = pd.read_parquet(train)
    rows = [
        (user, item)
        for user in range(12)
        for item in np.setdiff1d(np.arange(8), seen.loc[seen["user_row"] == user, "item_row"])
    ]
    table = pd.DataFrame(rows, columns=["user_row", "item_row"])
    place = table.groupby("user_row").cumcount()
    return table.assign(place=place, score=-place.astype("float32"))


def test_nothing_that_is_read_speaks_of_films_or_ratings(shop: Path) -> None:
    files = [*shop.glob("*.jsonl"), *shop.glob("judged/*.jsonl"), *shop.glob("*.json")]
    assert {"asked.json", "explanations.jsonl", "reasons.jsonl"} <= {path.name for path in files}
    assert [
        (path.name, said[0])
        for path in files
        if (said := FOREIGN.findall(path.read_text(encoding="utf-8")))
    ] == []


def test_every_kind_of_question_was_read(shop: Path) -> None:
    kinds = {kind for kind, _ in json.loads((shop / "asked.json").read_text(encoding="utf-8"))}
    assert kinds == {"profile-item", "profile-user", "rank", "explain"}


def test_profiles_are_in_the_words_of_the_shop(shop: Path) -> None:
    assert read_words(shop / "prepare").items == "products"
    full = "category" in (shop / "products.csv").read_text()
    overviews = {row.profile.overview for row in read_jsonl(shop / "users.jsonl", UserProfile)}
    begins = "Buys products in " if full else "Has bought some products, of which no genre is known"
    assert all(overview.startswith(begins) for overview in overviews)
    tags = [row.profile.tags for row in read_jsonl(shop / "items.jsonl", ItemProfile)]
    words = [("nickel", "Ernie"), ("folding", "Hercules"), ("Cordial",), ()]
    assert [tags[item] for item in (0, 2, 3, 7)] == (words if full else [()] * 4)


def test_reasons_rest_on_creators_kinds_or_what_was_bought_together(shop: Path) -> None:
    lists = list(read_jsonl(shop / "explanations.jsonl", Explanation))
    claims = [claim for row in lists for item in row.items for claim in item.claims]
    reasons = " ".join(item.reason for row in lists for item in row.items)
    kinds = {claim.kind for claim in claims}
    assert "which you bought" in reasons
    if kinds == {"together"}:
        assert "category" not in (shop / "products.csv").read_text()
        assert "Often bought together with " in reasons
    else:
        assert kinds >= {"person", "genre", "together"}
        assert "By the same brand, Ernie, as " in reasons
