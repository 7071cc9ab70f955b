"""The embedded sample, from a clean clone to explained recommendations."""

import csv
import json
from pathlib import Path

import pytest
from pytest_regressions.num_regression import NumericRegressionFixture

from tests.end_to_end.conftest import Clone

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("end to end")]


def test_the_committed_state_is_up_to_date_without_any_data(fresh: Clone) -> None:
    said = fresh.ok("dvc", "repro", "--dry", "--allow-missing")
    assert "Running stage" not in said


def test_metrics_are_pinned(finished: Clone, num_regression: NumericRegressionFixture) -> None:
    path = finished.folder / "metrics/sample/summary.json"
    models = json.loads(path.read_text(encoding="utf-8"))["models"]
    values = {
        f"{model} {key}": [splits["fold-1"]["full"][key]]
        for model, splits in models.items()
        for key in ("ndcg@10", "recall@10")
    }
    num_regression.check(values, default_tolerance={"atol": 0.002, "rtol": 0})


def test_git_status_is_clean_afterwards(finished: Clone) -> None:
    changed = {line[3:] for line in finished.status().splitlines()}
    numbers = {
        f"metrics/sample/{path.name}" for path in (finished.folder / "metrics" / "sample").iterdir()
    }
    rounded = {"dvc.lock", *numbers - {"metrics/sample/record.json", "metrics/sample/llm.json"}}
    allowed = set() if finished.is_the_machine_of_the_lock() else rounded
    assert changed <= allowed


def test_a_second_repro_does_nothing(finished: Clone) -> None:
    said = finished.ok("dvc", "repro")
    assert "Running stage" not in said
    assert "up to date" in said


@pytest.mark.parametrize(
    ("file", "stale"),
    [
        (
            "train/models/e2ep/loss.py",
            {
                "train@sample-e2ep-fold-1",
                "train-shown@sample-e2ep-next",
                "probe@sample-e2ep-fold-1",
            },
        ),
        ("train/models/popularity.py", {"train@sample-popularity-fold-1"}),
        ("rerank/strategies/scored.py", {"rerank@sample-e2ep-scored-fold-1"}),
        ("probe/deletion.py", {"probe@sample-e2ep-fold-1"}),
        ("evaluate/protocols/full.py", {"evaluate@sample"}),
    ],
)
def test_an_edit_makes_stale_what_imports_the_file_and_nothing_else(
    finished: Clone, file: str, stale: set[str]
) -> None:
    path = finished.folder / "stages" / file
    before = path.read_text(encoding="utf-8")
    assert json.loads(finished.ok("dvc", "status", "--json")) == {}
    path.write_text(before + "# a comment\n", encoding="utf-8")
    try:
        finished.ok("dvc", "repro", "code")
        assert set(json.loads(finished.ok("dvc", "status", "--json"))) == stale
    finally:
        path.write_text(before, encoding="utf-8")
        finished.ok("dvc", "repro", "code")


def test_explain_shows_who_and_why(finished: Clone) -> None:
    said = finished.ok("e2ep", "explain", "--user", "42")
    assert "User 42" in said
    assert "which you rated highly" in said
    assert "offline rules, not a language model" in said


def test_explanations_cite_training_films_only(finished: Clone) -> None:
    explained = json.loads(finished.ok("e2ep", "explain", "--user", "42", "--json"))
    liked = {film["movie_id"] for film in explained["liked"]}
    cited = {
        item for film in explained["items"] for claim in film["claims"] for item in claim["cited"]
    }
    assert len(explained["items"]) == 10
    assert cited
    assert cited <= liked


def test_reading_commands_import_no_torch(finished: Clone) -> None:
    probe = (
        "import sys; from e2ep_cli.main import app\n"
        "for words in ('explain --user 42', 'recommend --user 42', 'explain --liked scream'):\n"
        "    app(words.split(), standalone_mode=False)\n"
        "assert not {'torch', 'sentence_transformers', 'dvc'} & set(sys.modules)"
    )
    finished.ok("python", "-c", probe)


def test_a_newcomer_gets_reasons_that_cite_films_they_named(finished: Clone) -> None:
    before = finished.status()
    said = finished.ok(
        "e2ep",
        "explain",
        "--liked",
        "alien",
        "--liked",
        "The Thing",
        "--disliked",
        "spy kids",
        "--json",
    )
    told = json.loads(said)
    named = {film["movie_id"] for film in told["liked"]}
    cited = {item for film in told["items"] for claim in film["claims"] for item in claim["cited"]}
    assert [film["title"] for film in told["liked"]] == ["Alien (1979)", "The Thing (1982)"]
    assert len(told["items"]) == 10
    assert cited
    assert cited <= named
    assert finished.status() == before


def test_an_unknown_user_gets_one_sentence_with_the_range(finished: Clone) -> None:
    for command in ("explain", "recommend"):
        done = finished.run("e2ep", command, "--user", "99999")
        assert done.returncode == 1
        assert (
            done.stderr
            == "error: user '99999' is not in sample; its users are 1 … 400 (400 in all)\n"
        )


def test_filters_hold(finished: Clone) -> None:
    said = finished.ok(
        "e2ep", "recommend", "--user", "42", "--genre", "drama", "--year", "1990-1999", "--json"
    )
    films = json.loads(said)["items"]
    assert len(films) == 10
    assert all("Drama" in film["genres"] and 1990 <= film["year"] <= 1999 for film in films)


def test_recommended_lists_score_as_evaluated(finished: Clone, tmp_path: Path) -> None:
    lists, train, test = tmp_path / "lists.csv", tmp_path / "train.csv", tmp_path / "test.csv"
    finished.ok("e2ep", "recommend", "--all", "--out", str(lists))
    as_csv(finished, ("train", "valid"), train)
    as_csv(finished, ("test",), test)
    scored = json.loads(
        finished.ok(
            "e2ep", "score", str(lists), "--test", str(test), "--train", str(train), "--json"
        )
    )
    summary = json.loads(
        (finished.folder / "metrics/sample/summary.json").read_text(encoding="utf-8")
    )
    expected = summary["models"]["e2ep"]["fold-1"]["full"]["ndcg@10"]
    assert scored["ndcg@10"] == pytest.approx(expected, abs=1e-5)
    own = json.loads(finished.ok("e2ep", "score", str(lists), "--json"))
    assert own == scored


def as_csv(clone: Clone, parts: tuple[str, ...], out: Path) -> None:
    """Parts of fold-1 with outside ids."""
    import pyarrow.parquet as pq

    prepared = clone.folder / "artifacts/sample/prepare"
    users = pq.read_table(prepared / "users.parquet")["user_id"].to_pylist()
    items = pq.read_table(prepared / "movies.parquet")["item_id"].to_pylist()
    with out.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["user_id", "movie_id", "rating"])
        for part in parts:
            for row in pq.read_table(prepared / f"splits/fold-1/{part}.parquet").to_pylist():
                table.writerow([users[row["user_row"]], items[row["item_row"]], row["rating"]])


def test_the_readme_shows_what_the_command_prints(finished: Clone) -> None:
    if not finished.is_the_machine_of_the_lock():
        pytest.skip(
            "this machine rounds the embeddings differently, so scores may differ in the last digit"
        )
    finished.ok("python", "-m", "tools.docs")
    assert finished.ok("git", "diff", "--", "README.md", "docs") == ""


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (["splits=[fold-9]"], "error: splits names 'fold-9', which is not known"),
        (
            ["train.e2ep.layrs=3"],
            "error: train.e2ep.layrs is not a parameter in params.yaml; "
            "did you mean train.e2ep.layers?",
        ),
        (["train.e2ep.linear.turns=-1"], "error: train.e2ep.linear.turns is -1"),
        (["rerank.users=some"], "error: rerank.users is 'some'"),
        (["seed"], "error: --set 'seed' is not of the form key=value"),
    ],
)
def test_bad_parameters_get_one_sentence_and_change_nothing(
    finished: Clone, settings: list[str], sentence: str
) -> None:
    before = finished.status()
    words = [word for setting in settings for word in ("--set", setting)]
    done = finished.run("e2ep", "run", *words)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert finished.status() == before


def test_a_data_set_that_is_not_there_is_named(finished: Clone) -> None:
    before = finished.status()
    done = finished.run("e2ep", "run", "--dataset", "ml-100k")
    assert done.returncode == 1
    assert (
        "error: the data set data/ml-100k is not there; get it with `e2ep data add ml-100k`"
        in done.stderr
    )
    assert finished.status() == before


def test_an_experiment_leaves_the_project_as_it_was_and_is_shown_in_120_columns(
    finished: Clone,
) -> None:
    before = finished.status()
    settings = ("-S", "rerank.fusion_weight=0.0", "-S", "train.ease.l2=100")
    said = finished.ok("dvc", "exp", "run", "--temp", "-n", "unfused", *settings)
    assert "Running stage 'evaluate@sample'" in said
    assert "Running stage 'train@sample-e2ep" not in said
    assert finished.status() == before
    difference = json.loads(finished.ok("dvc", "exp", "diff", "HEAD", "unfused", "--all", "--json"))
    ndcg = difference["metrics"]["metrics/sample/headline.json"]
    assert ndcg["ndcg.e2ep+scored"]["new"] == ndcg["ndcg.e2ep"]["new"]
    shown = ("dvc", "exp", "show", "--only-changed", "--drop", ".*[+/]|shown", "--no-pager")
    table = finished.ok(*shown, COLUMNS="120")
    assert max(map(len, table.splitlines())) <= 120
    assert "…" not in table
    assert {"[unfused]", "ndcg.ease", "train.ease.l2", "rerank.fusion_weight"} <= set(table.split())
