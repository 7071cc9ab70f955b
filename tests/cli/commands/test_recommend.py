"""`e2ep recommend` for users, over a made-up run whose stored candidates are fewer than all."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner, Result

from e2ep_cli.main import app
from stages.contracts.card import DataCard
from stages.contracts.rows import CANDIDATES, ENRICHED, JUDGED, MOVIES, TRAINING, USERS
from stages.core.tables import write_arrays, write_model, write_table
from tests.report.conftest import card

ROOT = Path(__file__).parents[3]
N, STORED = 12, 4
COUNTS = np.arange(N, 0, -1)
"""Popularity is the order of the rows."""
RATED = {"train": 0, "valid": 9}
"""Items that user u1 has rated; u2 has rated nothing."""


def genre(row: int) -> str:
    return "Horror" if row % 3 == 0 else "Drama"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return made(tmp_path, monkeypatch, "fold-1")


def made(folder: Path, monkeypatch: pytest.MonkeyPatch, split: str) -> Path:
    """Twelve films, every third a horror film; the model `popularity`, of which 4 are stored."""
    monkeypatch.chdir(folder)
    shutil.copy(ROOT / "dvc.yaml", folder)
    params = {
        "dataset": "tiny",
        "splits": [split],
        "seed": 7,
        "train": {"popularity": {}},
        "rerank": {
            "bases": ["popularity"],
            "fusion_weight": 0.8,
            "reasons": {"strategies": ["none"]},
        },
    }
    (folder / "params.yaml").write_text(yaml.safe_dump(params))
    artifacts = folder / "artifacts/tiny"
    prepared, trained = artifacts / "prepare", artifacts / "train" / split / "popularity"
    blank = dict.fromkeys({*USERS.names, *MOVIES.names, *ENRICHED.names})
    users = blank | {"user_row": [0, 1], "user_id": ["u1", "u2"], "age": 30, "gender": None}
    write_table(prepared / "users.parquet", pd.DataFrame(users), USERS)
    lists = {"genres": [[genre(row)] for row in range(N)]}
    lists |= {
        name: [[] for _ in range(N)] for name in ("directors", "cast", "creators", "keywords")
    }
    items = {"item_row": range(N), "item_id": [f"m{row}" for row in range(N)], "year": 1990}
    films = pd.DataFrame(blank | lists | items | {"title": [f"Film {n}" for n in range(N)]})
    write_table(prepared / "movies.parquet", films, MOVIES)
    write_table(artifacts / "enrich/movies.parquet", films, ENRICHED)
    for part, item in RATED.items():
        rows = {
            "user_row": [0],
            "item_row": item,
            "rating": 5.0,
            "timestamp": 0,
            "nth": -1,
            "history": None,
        }
        write_table(prepared / "splits" / split / f"{part}.parquet", pd.DataFrame(rows), TRAINING)
    write_model(prepared / "card.json", DataCard.model_validate(card((split,), simulated=True)))
    barred = set(RATED.values())
    free = [
        [row for row in range(N) if row not in (barred if user == 0 or "cold" in split else ())]
        for user in range(2)
    ]
    top = [(u, row, place) for u in range(2) for place, row in enumerate(free[u][:STORED])]
    candidates = pd.DataFrame(top, columns=["user_row", "item_row", "place"])
    candidates["score"] = COUNTS[candidates["item_row"]].astype(float)
    write_table(trained / "candidates.parquet", candidates, CANDIDATES)
    write_arrays(trained / "weights.safetensors", {"counts": COUNTS.astype(np.float32)})
    judged = candidates[["user_row", "item_row", "place"]].assign(
        value=candidates["place"] / STORED
    )
    strategy = artifacts / "rerank" / split / "popularity/scored/judged.parquet"
    write_table(strategy, judged, JUDGED)
    return folder


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, ["recommend", *words], env={"COLUMNS": "100"})


def shown(*words: str) -> dict[str, Any]:
    done = typed("--user", "u1", *words, "--json")
    assert done.exit_code == 0, done.stderr
    return dict(json.loads(done.stdout))


def ids(told: dict[str, Any]) -> list[str]:
    return [item["movie_id"] for item in told["items"]]


@pytest.mark.usefixtures("project")
def test_a_filter_is_applied_before_the_list_is_cut() -> None:
    told = shown("--genre", "drama", "-k", "6")
    assert ids(told) == ["m1", "m2", "m4", "m5", "m7", "m8"]
    assert [item["graph_score"] for item in told["items"]] == [11, 10, 8, 7, 5, 4]
    assert "fewer_because" not in told


@pytest.mark.usefixtures("project")
def test_what_the_user_has_rated_is_left_out_and_counted() -> None:
    told = shown("--genre", "horror")
    assert ids(told) == ["m3", "m6"]
    assert (told["matching"], told["left_out"]) == (4, 2)
    assert told["fewer_because"] == "4 items match, 2 of them rated already"
    said = typed("--user", "u1", "--genre", "horror").stdout
    assert "2 of 10 shown: 4 items match, 2 of them rated already" in said


@pytest.mark.usefixtures("project")
def test_a_list_may_be_longer_than_what_is_stored() -> None:
    assert ids(shown("-k", "8")) == ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"]


@pytest.mark.usefixtures("project")
def test_below_the_judged_pool_the_models_order_follows() -> None:
    told = shown("--strategy", "scored", "-k", "6", "--genre", "drama")
    assert ids(told) == ["m4", "m2", "m1", "m5", "m7", "m8"]
    assert (told["strategy"], told["judge_weight"]) == ("scored", 0.8)
    said = " ".join(typed("--user", "u1", "--strategy", "scored").stdout.split())
    assert "popularity reranked by scored, 80 % judge" in said


def test_the_file_of_all_users_is_filtered_in_the_same_way(project: Path) -> None:
    said = typed("--all", "--genre", "horror", "-k", "3", "--out", "lists.csv").stdout
    rows = (project / "lists.csv").read_text().splitlines()[1:]
    assert rows == ["u1,m3,1", "u1,m6,2", "u2,m0,1", "u2,m3,2", "u2,m6,3"]
    assert "lists.csv: 5 rows for 2 users · tiny fold-1 · popularity" in said
    assert "1 user has fewer than 3 items: 4 match, less those that are rated already" in said


def test_in_cold_items_only_items_without_ratings_are_ranked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, monkeypatch, "cold-items-1")
    done = typed("--user", "u2", "--genre", "horror", "--json")
    told = json.loads(done.stdout)
    assert ids(told) == ["m3", "m6"]
    why = "4 items match, 2 of them not ranked on this split, as they have ratings"
    assert told["fewer_because"] == why


def test_the_default_is_a_strategy_only_where_it_is_better_on_validation_rows(
    project: Path,
) -> None:
    assert shown()["strategy"] == "none"
    moved = {"users": 1, "tau": 0.5, "unchanged": 0.0}
    fitted = {"weight": 0.2, "valid_ndcg@10": {"0.00": 0.3, "0.20": 0.31}}
    effect = {"fused": moved | {"weight": 0.8}, "alone": moved, "fitted": moved | fitted}
    (project / "metrics/tiny").mkdir(parents=True)
    evidence = json.dumps({"fold-1": {"popularity": {"scored": effect}}})
    (project / "metrics/tiny/rerank.json").write_text(evidence)
    told = shown()
    assert (told["strategy"], told["judge_weight"]) == ("scored", 0.2)
    assert "the best on validation rows" in told["shown_because"]
    assert shown("--strategy", "none")["strategy"] == "none"


def test_all_lists_are_written_as_another_tool_reads_them(project: Path) -> None:
    done = typed("--all", "--out", "run.txt", "--form", "trec", "-k", "2")
    assert done.exit_code == 0, done.stderr
    assert (project / "run.txt").read_text().splitlines()[:2] == [
        "u1 Q0 m1 1 2 popularity",
        "u1 Q0 m2 2 1 popularity",
    ]


@pytest.mark.usefixtures("project")
def test_a_form_without_a_file_is_refused() -> None:
    done = typed("--user", "u1", "--form", "trec")
    assert done.exit_code == 1
    assert "--form trec is the form of a file" in done.stderr
