"""`e2ep score` as a person types it."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
import typer
import yaml
from typer.testing import CliRunner

from e2ep_cli.commands.score import score_command
from e2ep_cli.main import app
from stages.contracts.rows import MOVIES, RATINGS, USERS
from stages.core.files import write_json
from stages.core.tables import write_model, write_table
from tests.evaluate.conftest import CARD

ROOT = Path(__file__).parents[3]
APP = typer.Typer()
APP.command()(score_command)


@pytest.fixture
def typed(tmp_path: Path) -> list[str]:
    """The arguments for one user whose only like comes second, at item 2 of three."""
    (tmp_path / "lists.csv").write_text(
        "user_id,movie_id,recommendation_rank\n1,7,1\n1,2,2\n1,3,3\n"
    )
    (tmp_path / "u.test").write_text("1\t2\t5\t0\n1\t3\t1\t0\n")
    (tmp_path / "u.base").write_text("1\t9\t5\t0\n")
    return [
        str(tmp_path / "lists.csv"),
        "--test",
        str(tmp_path / "u.test"),
        "--train",
        str(tmp_path / "u.base"),
    ]


def test_json_is_unrounded_with_the_metrics_at_its_top(typed: list[str]) -> None:
    shown = json.loads(CliRunner().invoke(APP, [*typed, "--k", "3", "--json"]).stdout)
    assert shown["precision@3"] == 1 / 3
    assert shown["mrr@3"] == 0.5
    assert (shown["protocol"], shown["k"], shown["users"]) == ("full", 3, 1)


def test_condensed_drops_the_movie_without_a_test_rating(typed: list[str]) -> None:
    shown = json.loads(
        CliRunner().invoke(APP, [*typed, "--protocol", "condensed", "--json"]).stdout
    )
    assert (shown["precision@10"], shown["mrr@10"]) == (0.5, 1.0)


def test_table_shows_the_users_behind_each_metric(typed: list[str]) -> None:
    lines = CliRunner().invoke(APP, typed).stdout.splitlines()
    assert "full protocol" in lines[0]
    assert lines[0].endswith(": 1")
    assert [
        cell.strip()
        for cell in next(line for line in lines if "mrr@10" in line).strip("│").split("│")
    ] == [
        "mrr@10",
        "0.5000",
        "1",
    ]


def test_max_train_ratings_that_leaves_nobody_is_an_error(typed: list[str]) -> None:
    result = CliRunner().invoke(APP, [*typed, "--max-train-ratings", "1"])
    assert result.exit_code == 1
    assert "fewer than 1 ratings" in result.stderr


def test_files_in_another_encoding(typed: list[str]) -> None:
    rows = "user_id,movie_id,recommendation_rank\n1,7,1\n1,é,2\n1,3,3\n"
    Path(typed[0]).write_text(rows, encoding="latin-1")
    refused = CliRunner().invoke(APP, typed)
    assert (refused.exit_code, "line 3: byte 45 is not UTF-8" in refused.stderr) == (1, True)
    done = CliRunner().invoke(APP, [*typed, "--encoding", "latin-1", "--json"])
    assert json.loads(done.stdout)["listed"]["items"] == {"listed": 3, "unknown": 2}


def test_bad_input_is_one_sentence_with_file_and_line_and_exit_code_1(typed: list[str]) -> None:
    Path(typed[0]).write_text("user_id,movie_id,recommendation_rank\n1,7,first\n")
    result = CliRunner().invoke(APP, typed)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"error: {typed[0]}, line 2: ")
    assert result.stderr.count("\n") == 1


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run on a scale of 0–10, liked from 7.5.

    u1 likes item b in test and has rated a and d; u2 has no rating at all.
    """
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "dvc.yaml", tmp_path)
    (tmp_path / "params.yaml").write_text(yaml.safe_dump({"dataset": "tiny", "splits": ["fold-1"]}))
    prepared = tmp_path / "artifacts/tiny/prepare"
    users = {"user_row": [0, 1], "user_id": ["u1", "u2"], "age": 30}
    movies = {"item_row": range(4), "item_id": list("abcd"), "title": list("ABCD"), "year": 1990}
    card = CARD.model_copy(update={"scale": (0.0, 10.0), "positive_at": 7.5})
    write_model(prepared / "card.json", card)
    blank = dict.fromkeys((*USERS.names, *MOVIES.names))
    write_table(prepared / "users.parquet", pd.DataFrame(blank | users), USERS)
    write_table(prepared / "movies.parquet", pd.DataFrame(blank | movies), MOVIES)
    parts = {"train": (0, 5.0), "valid": (3, 4.0), "test": (1, 5.0)}
    for split in ("fold-1", "cold-items-1", "last"):
        for part, (item, rating) in parts.items():
            rows = {"user_row": [0], "item_row": item, "rating": rating, "timestamp": 0, "nth": -1}
            path = prepared / "splits" / split / f"{part}.parquet"
            write_table(path, pd.DataFrame(rows), RATINGS)
    (tmp_path / "lists.csv").write_text(
        "user_id,movie_id,recommendation_rank\nu1,a,1\nu1,d,2\nu1,c,3\nu1,b,4\nu2,a,1\n"
    )
    return tmp_path


def scored(*words: str) -> dict[str, float]:
    """Against the project's own run."""
    done = CliRunner().invoke(APP, ["lists.csv", "-k", "3", "--json", *words])
    assert done.exit_code == 0, done.stderr
    return dict(json.loads(done.stdout))


@pytest.mark.usefixtures("project")
def test_without_files_the_split_of_the_run_counts_and_its_train_and_valid_are_dropped() -> None:
    assert (scored()["mrr@3"], scored()["users"]) == (0.5, 1)
    head = CliRunner().invoke(APP, ["lists.csv"]).stdout.splitlines()[0]
    assert head.startswith("tiny fold-1 · full protocol")


@pytest.mark.usefixtures("project")
def test_another_split_can_be_named_and_in_cold_items_only_held_out_items_count() -> None:
    assert scored("--split", "cold-items-1", "--dataset", "tiny")["mrr@3"] == 1.0


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--test", "u.test"], "--test and --train belong together; give both, or neither"),
        (["--split", "fold-2"], "split 'fold-2' was not made for tiny; choose from cold-items-1"),
        (["--dataset", "shop"], "there is no data set 'shop'; choose from"),
        (
            ["--test", "u.test", "--train", "u.base", "--split", "fold-1"],
            "--run and --split name a split of a run; leave them out",
        ),
        (
            ["--test", "u.test", "--train", "u.base", "--dataset", "shop"],
            "there is no data set 'shop'; choose from",
        ),
        (
            ["--positive-at", "3"],
            "--positive-at is about the ratings of --test and --train; a split that `e2ep run`",
        ),
    ],
)
def test_what_does_not_go_together_is_one_sentence(words: list[str], sentence: str) -> None:
    done = CliRunner().invoke(APP, ["lists.csv", *words])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"error: {sentence}")
    assert done.stderr.count("\n") == 1


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(("split", "warned"), [("last", True), ("fold-1", False)])
def test_numbers_of_last_have_their_warning(split: str, warned: bool) -> None:
    out = CliRunner().invoke(APP, ["lists.csv", "--split", split]).stdout
    assert ("last: other users’ later ratings are in training" in out) == warned


def test_lists_of_another_data_set_are_refused(project: Path) -> None:
    (project / "lists.csv").write_text("user_id,movie_id,recommendation_rank\nu9,a,1\n")
    done = CliRunner().invoke(APP, ["lists.csv"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "no user of the lists has a match in the test ratings of fold-1 or its" in done.stderr
    assert "such as u9; write the ids as they are there: u1 … u2 (2 in all)" in done.stderr


@pytest.mark.usefixtures("project")
def test_what_matches_nothing_is_noted_beside_the_result_and_counted_in_json(
    project: Path,
) -> None:
    """An item that nobody rated, such as c, belongs to the data set all the same."""
    (project / "lists.csv").write_text(
        "user_id,movie_id,recommendation_rank\nu1,c,1\nU1,b,1\nu1,x,2\n"
    )
    done = CliRunner().invoke(APP, ["lists.csv", "--json"])
    shown = json.loads(done.stdout)
    assert shown["listed"]["items"] == {"listed": 3, "unknown": 1}
    assert shown["listed"]["users"] == {"listed": 2, "unknown": 1, "without_list": 0}
    assert "1 of 2 users in lists.csv, such as U1, where u1 is known" in done.stderr
    assert "1 of 3 items in lists.csv, such as x; none of them can be a hit" in done.stderr


@pytest.mark.usefixtures("project")
def test_the_threshold_of_a_split_is_said_on_the_data_sets_own_scale(project: Path) -> None:
    head = CliRunner().invoke(APP, ["lists.csv"]).stdout.splitlines()[0]
    assert head == (
        "tiny fold-1 · full protocol · relevant from 7.5 · users with a relevant test item: 1"
    )
    assert scored()["positive_at"] == 7.5
    rows = pd.read_parquet(test := project / "artifacts/tiny/prepare/splits/fold-1/test.parquet")
    write_table(test, rows.assign(rating=3.0), RATINGS)
    done = CliRunner().invoke(APP, ["lists.csv"])
    assert done.stderr == (
        "error: no user has a rating of at least 7.5 in the test ratings of fold-1; "
        "nothing can be scored\n"
    )


@pytest.fixture
def out_of_ten(project: Path) -> list[str]:
    """Arguments for ratings of a set whose dataset.json says 0–10 and liked from 8."""
    about = {"name": "tens", "scale": [0, 10], "positive_at": 8}
    write_json(project / "data/tens/dataset.json", about)
    (project / "lists.csv").write_text("user_id,movie_id,recommendation_rank\nu1,a,1\nu1,b,2\n")
    (project / "test.csv").write_text("user,item,rating\nu1,a,5\nu1,b,8\n")
    (project / "train.csv").write_text("user,item,rating\nu1,c,10\n")
    return ["lists.csv", "--test", "test.csv", "--train", "train.csv", "--json"]


def test_a_data_set_says_from_where_its_ratings_count(out_of_ten: list[str]) -> None:
    refused = CliRunner().invoke(APP, out_of_ten)
    assert refused.stderr.startswith("error: 1 fault in test.csv and 1 fault in train.csv\n")
    assert "\n  test.csv, line 3: rating 8 is above 5; give --positive-at" in refused.stderr
    for words, mrr in (
        (["--dataset", "tens"], 0.5),
        (["--positive-at", "8"], 0.5),
        (["--dataset", "tens", "--positive-at", "5"], 1.0),
    ):
        done = CliRunner().invoke(APP, [*out_of_ten, *words])
        assert json.loads(done.stdout)["mrr@10"] == mrr


def test_a_rating_off_the_data_sets_scale_is_refused(out_of_ten: list[str]) -> None:
    Path("train.csv").write_text("user,item,rating\nu1,c,11\n")
    done = CliRunner().invoke(APP, [*out_of_ten, "--dataset", "tens"])
    assert done.stderr.startswith(
        "error: train.csv, line 2: rating 11 is not on the scale 0-10 of tens; correct it"
    )


def test_several_systems_are_a_row_each_and_an_object_each(typed: list[str]) -> None:
    Path(typed[0]).write_text("user,item,rank,model\n1,7,1,bad\n1,2,2,bad\n1,2,1,good\n")
    shown = CliRunner().invoke(APP, typed)
    words = re.findall(r"\bgood\b|\bbad\b", shown.stdout)
    assert words == ["good", "bad"]
    found = json.loads(CliRunner().invoke(APP, [*typed, "--json"]).stdout)["systems"]
    assert (found["good"]["mrr@10"], found["bad"]["mrr@10"]) == (1.0, 0.5)


def test_a_split_exported_for_another_tool_has_the_sets_own_ratings(project: Path) -> None:
    """The common scale of the run's rows is not what other tools see."""
    data = project / "data/tiny"
    data.mkdir(parents=True)
    about = {"name": "tiny", "scale": [0, 10], "positive_at": 7.5}
    write_json(data / "dataset.json", about)
    (data / "movies.csv").write_text("movie_id,title,year,genres\na,A,,\nb,B,,\nd,D,,\n")
    rows = "u1,a,9.5,1\nu1,b,8,3\nu1,d,2,2\n"
    (data / "ratings.csv").write_text(f"user_id,movie_id,rating,timestamp\n{rows}")
    words = ["data", "export", "tiny", "--split", "fold-1", "--out", "out", "--form", "lenskit"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.stderr
    assert (project / "out/test.csv").read_text().splitlines()[1] == "u1,b,8.0,3"
    assert "3 ratings as train.csv, valid.csv, test.csv, items.csv" in done.stdout
