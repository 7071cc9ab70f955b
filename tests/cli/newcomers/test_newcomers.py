"""`e2ep recommend` and `e2ep explain` for a newcomer, over a made-up run."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner, Result

from e2ep_cli.main import app
from stages.contracts.card import DataCard
from stages.contracts.rows import ENRICHED, RATINGS, USERS, ItemProfile, Profile
from stages.core.tables import write_arrays, write_jsonl, write_model, write_table
from tests.report.conftest import card

ROOT = Path(__file__).parents[3]
FILMS = ["Heat", "The Thing", "Dusk", "Dawn", "Noon", "Night Train", "Harbour", "Orchard"]
GENRES = ["Crime", "Horror", "Crime", "Horror", "Drama", "Crime", "Drama", "Horror"]
N, WIDTH = len(FILMS), 4


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight films; e2ep with random weights, and a model that knows nothing about ratings."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "dvc.yaml", tmp_path)
    sections = {
        "rerank": {
            "bases": ["flat"],
            "fusion_weight": 0.8,
            "reasons": {"strategies": ["none"]},
        },
    }
    params = {
        "dataset": "tiny",
        "splits": ["fold-1"],
        **sections,
        "profile": {},
        "train": {"e2ep": {"channels": 8}},
    }
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    artifacts = tmp_path / "artifacts" / "tiny"
    rated = [(0, 0), (1, 0), (0, 1)]
    train = pd.DataFrame(rated, columns=["user_row", "item_row"]).assign(
        rating=5, timestamp=0, nth=-1
    )
    write_table(artifacts / "prepare/splits/fold-1/train.parquet", train, RATINGS)
    facts = DataCard.model_validate(card(("fold-1",), simulated=True))
    write_model(artifacts / "prepare/card.json", facts)
    people = {
        "user_row": [0, 1],
        "user_id": ["u1", "u2"],
        "age": 30,
        "gender": ["F", "M"],
        "occupation": None,
    }
    write_table(artifacts / "prepare/users.parquet", pd.DataFrame(people), USERS)
    blank = dict.fromkeys(ENRICHED.names) | {"directors": [], "cast": [], "creators": []}
    rows = [
        blank
        | {
            "item_row": row,
            "item_id": f"m{row}",
            "title": title,
            "year": 1990 + row,
            "genres": [genre],
        }
        for row, (title, genre) in enumerate(zip(FILMS, GENRES, strict=True))
    ]
    write_table(artifacts / "enrich/movies.parquet", pd.DataFrame(rows), ENRICHED)
    write_jsonl(artifacts / "profile/items.jsonl", [described(row) for row in range(N)])
    write_arrays(artifacts / "train/fold-1/e2ep/weights.safetensors", weights())
    write_arrays(
        artifacts / "train/fold-1/flat/weights.safetensors", {"likes": np.ones(N, dtype=np.float32)}
    )
    return tmp_path


def described(row: int) -> ItemProfile:
    profile = Profile(
        overview="", genres=(GENRES[row],), tags=("night",), description="", dislikes=()
    )
    return ItemProfile(item_id=f"m{row}", profile=profile, integrated="", source="")


def weights() -> dict[str, np.ndarray]:
    """What e2ep keeps, of two users; 7 ages and 2 genders."""
    draw = np.random.default_rng(5)
    shapes = {
        "users": (2, WIDTH),
        "layers": (3, N, WIDTH),
        "items": (N, WIDTH),
        "bias": (N,),
        "target": (2, 1, WIDTH),
    }
    shapes |= {
        "source": (2, 1, WIDTH),
        "edge": (2, 1),
        "base": (N,),
        "lift": (9, N),
        "linear": (N, N),
        "sequence": (N, N),
        "linear_columns": (0, 0),
        "sequence_columns": (0, 0),
        "present": (N,),
        "arrived": (N,),
        **dict.fromkeys(("order", "fading", "age", "past"), (1,)),
    }
    drawn = {name: draw.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    chosen = {"history": 2, "graph": 1, "weight": 11}
    arrays = {name: np.array([value], dtype=np.float32) for name, value in chosen.items()}
    return drawn | arrays | {"members": np.array([1])}


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, [*words], env={"COLUMNS": "120"})


def shown(*words: str) -> dict[str, Any]:
    done = typed(*words, "--json")
    assert done.exit_code == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.usefixtures("project")
def test_the_films_named_stand_above_the_list_and_not_in_it() -> None:
    said = typed("recommend", "--liked", "heat", "--liked", "Thing (1991)", "--disliked", "dusk")
    assert said.exit_code == 0
    head, table = said.stdout.split("┏")
    assert (
        "For a newcomer who liked Heat (1990), The Thing (1991) and disliked Dusk (1992)"
        in " ".join(head.split())
    )
    assert [title for title in FILMS if title in table] == FILMS[3:]


def test_what_they_like_is_their_latest_whatever_they_dislike(project: Path) -> None:
    """After Heat people take up Dawn, after Dusk Noon; to the model nothing else matters."""
    sequence = np.zeros((N, N), dtype=np.float32)
    sequence[FILMS.index("Heat"), FILMS.index("Dawn")] = 1
    sequence[FILMS.index("Dusk"), FILMS.index("Noon")] = 1
    arrays = {name: np.zeros_like(array) for name, array in weights().items()}
    ones = {name: np.ones(1, dtype=np.float32) for name in ("order", "weight", "past", "history")}
    arrays |= ones | {"sequence": sequence, "members": np.array([1])}
    write_arrays(project / "artifacts/tiny/train/fold-1/e2ep/weights.safetensors", arrays)
    items = shown("recommend", "--liked", "heat", "--disliked", "dusk", "-k", "2")["items"]
    assert [item["title"] for item in items] == ["Dawn", "Noon"]
    assert items[0]["graph_score"] == pytest.approx(np.e * items[1]["graph_score"], rel=1e-4)


@pytest.mark.usefixtures("project")
def test_filters_and_length_hold_for_a_newcomer() -> None:
    items = shown("recommend", "--liked", "heat", "--genre", "horror", "-k", "2")["items"]
    assert [item["genres"] for item in items] == [["Horror"], ["Horror"]]


@pytest.mark.usefixtures("project")
def test_a_filter_that_leaves_fewer_says_how_many_match() -> None:
    words = ["recommend", "--liked", "heat", "--genre", "crime"]
    said, told = typed(*words).stdout, shown(*words)
    assert "2 of 10 shown: 3 items match, 1 of them named already" in said
    assert (len(told["items"]), told["matching"], told["left_out"]) == (2, 3, 1)
    nobody = typed(*words, "--year", "1880").stdout
    assert nobody == "0 of 10 shown: no items match\n"


@pytest.mark.usefixtures("project")
def test_of_several_titles_with_the_word_the_best_known_is_suggested() -> None:
    assert "the nearest are Night Train (1995)\n" in typed("recommend", "--liked", "train").stderr


@pytest.mark.usefixtures("project")
def test_age_and_gender_count() -> None:
    plain, female, male = (
        [
            one["graph_score"]
            for one in shown("recommend", "--liked", "heat", "--year", "1997", *words)["items"]
        ]
        for words in ([], ["--gender", "F", "--age", "30"], ["--gender", "M", "--age", "30"])
    )
    assert len({*plain, *female, *male}) == 3


def test_their_list_can_be_written_as_a_file(project: Path) -> None:
    assert typed("recommend", "--liked", "heat", "-k", "2", "--out", "mine.csv").exit_code == 0
    head, *rows = (project / "mine.csv").read_text().splitlines()
    assert head == "user_id,movie_id,recommendation_rank"
    ids = [item["movie_id"] for item in shown("recommend", "--liked", "heat", "-k", "2")["items"]]
    assert rows == [f"newcomer,{film},{rank}" for rank, film in enumerate(ids, 1)]


@pytest.mark.usefixtures("project")
def test_explain_tells_the_same_list_with_reasons_that_cite_films_they_liked() -> None:
    films = ["--liked", "heat", "--liked", "the thing", "--disliked", "dusk"]
    told = shown("explain", *films)
    listed = [item["movie_id"] for item in shown("recommend", *films)["items"]]
    assert [item["item_id"] for item in told["items"]] == listed
    cited = {film for item in told["items"] for claim in item["claims"] for film in claim["cited"]}
    assert cited == {"m0", "m1"}
    assert (told["source"], told["strategy"]) == ("offline rules, not a language model", "none")
    assert [film["title"] for film in told["disliked"]] == ["Dusk (1992)"]


@pytest.mark.usefixtures("project")
def test_explain_shows_the_newcomer_and_who_gave_the_reasons() -> None:
    said = typed("explain", "--liked", "heat", "-k", "3").stdout
    assert "A newcomer" in said
    assert "Disliked: nothing" in said
    assert "no judge asked; reasons: offline rules, not a language model" in said
    assert "“night” links it to Heat, which you like" in said


@pytest.mark.usefixtures("project")
def test_nothing_is_written(project: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    for command in ("recommend", "explain"):
        assert typed(command, "--liked", "heat").exit_code == 0
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before


def test_neither_torch_nor_pandas_is_loaded(project: Path) -> None:
    program = (
        "import sys; from e2ep_cli.main import app\n"
        "for command in ('recommend', 'explain'):\n"
        "    app([command, '--liked', 'heat'], standalone_mode=False)\n"
        "slow = {'torch', 'pandas', 'sklearn', 'sentence_transformers', 'dvc'}\n"
        "assert not slow & set(sys.modules)"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(
        [sys.executable, "-c", program],
        cwd=project,
        env=environment,
        check=True,
        capture_output=True,
    )


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["recommend"],
            "give one of --user ID, --liked TITLE for a newcomer, or --all with --out FILE.csv",
        ),
        (
            ["recommend", "--liked", "heat", "--user", "u1"],
            "give one of --user ID, --liked TITLE for a newcomer",
        ),
        (
            ["recommend", "--liked", "heat", "--all"],
            "give one of --user ID, --liked TITLE for a newcomer",
        ),
        (
            ["recommend", "--user", "u1", "--age", "30"],
            "--age and --gender describe a newcomer; name an item",
        ),
        (["recommend", "--liked", "heat", "--strategy", "scored"], "--strategy needs --user ID"),
        (
            ["recommend", "--liked", "heat", "--gender", "X"],
            "nobody in the data has the gender 'X'; choose from F, M",
        ),
        (
            ["recommend", "--disliked", "heat"],
            "--disliked alone does not say what the newcomer likes",
        ),
        (
            ["recommend", "--liked", "heat", "--disliked", "Heat (1990)"],
            "Heat (1990) is both liked and disliked",
        ),
        (["recommend", "--liked", "haet"], "no item is called 'haet'; the nearest are Heat (1990)"),
        (
            ["recommend", "--liked", "heat", "--model", "flat"],
            "flat cannot rank for a newcomer; take --model e2ep",
        ),
        (
            ["explain", "--liked", "heat", "--user", "u1"],
            "--liked and --disliked describe a newcomer, for whom nothing",
        ),
        (
            ["explain", "--liked", "heat", "--against", "none"],
            "--liked and --disliked describe a newcomer",
        ),
        (["explain", "--gender", "F"], "--age and --gender describe a newcomer; name an item"),
    ],
)
def test_what_does_not_go_together_is_one_sentence(words: list[str], sentence: str) -> None:
    said = typed(*words)
    assert said.exit_code == 1
    assert said.stderr.startswith(f"error: {sentence}")
    assert (said.stderr.count("\n"), said.stdout) == (1, "")


def test_damaged_weights_are_one_sentence(project: Path) -> None:
    (project / "artifacts/tiny/train/fold-1/e2ep/weights.safetensors").write_bytes(b"damaged")
    said = typed("recommend", "--liked", "heat")
    assert said.exit_code == 1
    assert "weights.safetensors is damaged; run `e2ep run` to make it again" in said.stderr
