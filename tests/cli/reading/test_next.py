"""What is fitted on all ratings is shown first, to users and newcomers, and says so."""

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner, Result

from e2ep_cli.main import app
from stages.contracts.card import DataCard
from stages.contracts.rows import (
    CANDIDATES,
    ENRICHED,
    JUDGED,
    RATINGS,
    USERS,
    Explained,
    Explanation,
    ItemProfile,
    Profile,
    UserProfile,
)
from stages.core.tables import write_arrays, write_jsonl, write_model, write_table
from tests.cli.newcomers.test_newcomers import weights
from tests.report.conftest import card

ROOT = Path(__file__).parents[3]
FILMS = ["Heat", "The Thing", "Dusk", "Dawn", "Noon", "Night Train", "Harbour", "Orchard"]
ON_NEXT = {"splits": ["next"], "strategies": ["none", "learned"]}
LISTS = {"fold-1": "Dusk", "next": "Dawn"}
"""The first film of user u1's list on each split."""
TASTE = Profile(overview="", genres=(), tags=("night",), description="", dislikes=())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """e2ep on both splits, a model that is no base on fold-1 alone; user u1's lists of one film."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "dvc.yaml", tmp_path)
    put(shown=ON_NEXT)
    artifacts = tmp_path / "artifacts/tiny"
    facts = card(tuple(LISTS), simulated=True) | {"ratings": 8}
    write_model(artifacts / "prepare/card.json", DataCard.model_validate(facts))
    people = {"user_row": [0], "user_id": ["u1"], "age": 30, "gender": "F", "occupation": None}
    write_table(artifacts / "prepare/users.parquet", pd.DataFrame(people), USERS)
    blank = dict.fromkeys(ENRICHED.names) | {"directors": [], "cast": [], "creators": []}
    rows = [
        blank | {"item_row": row, "item_id": f"m{row}", "title": title, "genres": []}
        for row, title in enumerate(FILMS)
    ]
    write_table(artifacts / "enrich/movies.parquet", pd.DataFrame(rows), ENRICHED)
    profiles = [
        ItemProfile(item_id=f"m{row}", profile=TASTE, integrated="", source="")
        for row in range(len(FILMS))
    ]
    write_jsonl(artifacts / "profile/items.jsonl", profiles)
    for split, title in LISTS.items():
        keep(artifacts, split, title)
    shutil.copytree(artifacts / "train/fold-1/e2ep", artifacts / "train/fold-1/other")
    return tmp_path


def put(**changes: Any) -> None:
    params = {
        "dataset": "tiny",
        "splits": ["fold-1"],
        "models": ["other", "e2ep"],
        "rerank": {"bases": ["e2ep"], "fusion_weight": 0.8, "reasons": {"strategies": ["none"]}},
        "profile": {},
        "train": {"e2ep": {"channels": 8}},
    }
    Path("params.yaml").write_text(yaml.safe_dump(params | changes))


def keep(artifacts: Path, split: str, title: str) -> None:
    """A list of this film, and weights that differ by split."""
    for part, (item, nth) in {"train": (0, 0), "valid": (1, 1)}.items():
        row = {"user_row": [0], "item_row": item, "rating": 5.0, "timestamp": 0, "nth": nth}
        path = artifacts / "prepare/splits" / split / f"{part}.parquet"
        write_table(path, pd.DataFrame(row), RATINGS)
    trained, item = artifacts / "train" / split / "e2ep", FILMS.index(title)
    first = {"user_row": [0], "item_row": item, "place": 0, "score": 1.0}
    write_table(trained / "candidates.parquet", pd.DataFrame(first), CANDIDATES)
    made = weights()
    made["bias"][item] = 1e6  # So that a newcomer's list begins with it too
    write_arrays(trained / "weights.safetensors", made)
    user = UserProfile(
        user_id="u1", profile=TASTE, integrated="", source="", liked=("m0",), disliked=()
    )
    write_jsonl(artifacts / "profile" / split / "users.jsonl", [user])
    reason = Explained(
        item_id=f"m{item}",
        title=title,
        graph_score=1.0,
        graph_place=0,
        judge_value=0.0,
        place=0,
        claims=(),
        dropped=0,
        reason=f"Because of {title}.",
    )
    explained = Explanation(
        user_id="u1", base="e2ep", strategy="none", source="rules", items=(reason,)
    )
    write_jsonl(artifacts / "explain" / split / "e2ep/none/explanations.jsonl", [explained])
    (artifacts / "rerank" / split / "e2ep/none").mkdir(parents=True)


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, [*words], env={"COLUMNS": "120"})


WHO = [
    ("recommend", "--user", "u1", "-k", "1"),
    ("recommend", "--liked", "heat", "-k", "1"),
    ("explain", "--user", "u1", "-k", "1"),
    ("explain", "--liked", "heat", "-k", "1"),
]
ON_ALL = "fitted on all 8 ratings; settings chosen on each user's latest"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("words", WHO)
def test_everybodys_list_is_the_one_that_is_fitted_on_all_ratings_and_says_so(
    words: tuple[str, ...],
) -> None:
    done = typed(*words, "--json")
    told = json.loads(done.stdout)
    assert (told["split"], [item["title"] for item in told["items"]]) == ("next", ["Dawn"])
    assert ON_ALL in done.stderr.splitlines()
    assert "tiny next" in " ".join(typed(*words).stdout.split())


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("words", WHO)
def test_without_next_it_is_the_first_split_with_the_command_that_makes_others(
    words: tuple[str, ...],
) -> None:
    put()
    done = typed(*words, "--json")
    told = json.loads(done.stdout)
    assert (told["split"], [item["title"] for item in told["items"]]) == ("fold-1", ["Dusk"])
    line = "of 8 ratings; `e2ep run --set 'shown.splits=[next]'` makes lists fitted on all ratings"
    assert line in done.stderr


@pytest.mark.usefixtures("project")
def test_a_split_that_is_named_is_shown_and_says_where_lists_on_all_ratings_are() -> None:
    done = typed("recommend", "--user", "u1", "--split", "fold-1", "-k", "1", "--json")
    assert json.loads(done.stdout)["items"][0]["title"] == "Dusk"
    assert "; --split next shows lists fitted on all ratings" in done.stderr


def test_a_strategy_that_is_not_made_on_next_is_shown_on_the_first_split(project: Path) -> None:
    judged = {"user_row": [0], "item_row": 2, "place": 0, "value": 1.0}
    lists = project / "artifacts/tiny/rerank/fold-1/e2ep/scored/judged.parquet"
    write_table(lists, pd.DataFrame(judged), JUDGED)
    done = typed("recommend", "--user", "u1", "-k", "1", "--strategy", "scored", "--json")
    told = json.loads(done.stdout)
    assert (told["split"], told["strategy"]) == ("fold-1", "scored")
    assert "; shown.strategies says which strategies have lists fitted on all" in done.stderr


@pytest.mark.usefixtures("project")
def test_a_model_that_is_no_base_is_shown_on_the_first_split_and_refused_on_next() -> None:
    words = ("recommend", "--user", "u1", "-k", "1", "--model", "other")
    done = typed(*words, "--json")
    assert json.loads(done.stdout)["split"] == "fold-1"
    assert "; lists fitted on all ratings are those of e2ep, rerank.bases" in done.stderr
    refused = typed(*words, "--split", "next")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "error: next has the lists of e2ep alone, which are rerank.bases; take --split fold-1 for "
        "those of other\n",
    )


def test_lists_for_a_file_to_score_leave_something_to_score_them_by(project: Path) -> None:
    assert typed("recommend", "--all", "--out", "lists.csv", "-k", "1").exit_code == 0
    assert (project / "lists.csv").read_text().splitlines()[1:] == ["u1,m2,1"]
    refused = typed("score", "lists.csv", "--split", "next")
    assert refused.exit_code == 1
    assert "error: next has no test rows to measure on; take one of" in refused.stderr


@pytest.mark.usefixtures("project")
def test_without_a_refit_it_says_what_is_left_out() -> None:
    put(shown=ON_NEXT, train={"e2ep": {"channels": 8}, "common": {"refit": False}})
    said = typed("recommend", "--user", "u1", "-k", "1").stderr
    assert "fitted on 4 of 8 ratings; settings chosen on each user's latest" in said


def test_without_an_order_it_says_on_what_settings_were_chosen(project: Path) -> None:
    path = project / "artifacts/tiny/prepare/splits/next/valid.parquet"
    row = {"user_row": [0], "item_row": 1, "rating": 5.0, "timestamp": 0, "nth": -1}
    write_table(path, pd.DataFrame(row), RATINGS)
    said = typed("recommend", "--liked", "heat").stderr
    assert "fitted on all 8 ratings; settings chosen on each user's random tenth" in said


def test_the_strategy_is_that_which_the_valid_rows_of_next_prefer(project: Path) -> None:
    moved = {"users": 1, "tau": 0.5, "unchanged": 0.0}
    fitted = {"weight": 1.0, "valid_ndcg@10": {"0.00": 0.3, "1.00": 0.31}}
    effect = {"fused": moved | {"weight": 1.0}, "fitted": moved | fitted}
    lists = project / "artifacts/tiny/rerank/next/e2ep/learned/judged.parquet"
    judged = {"user_row": [0], "item_row": 3, "place": 0, "value": 1.0}
    write_table(lists, pd.DataFrame(judged), JUDGED)
    (project / "metrics/tiny").mkdir(parents=True)
    for split, strategy in {"fold-1": "none", "next": "learned"}.items():
        evidence = json.dumps({split: {"e2ep": {"learned": effect}}})
        (project / "metrics/tiny/rerank.json").write_text(evidence)
        done = typed("recommend", "--user", "u1", "-k", "1", "--json")
        assert json.loads(done.stdout)["strategy"] == strategy
