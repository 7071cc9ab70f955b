"""`e2ep score` as a person types it."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from e2ep_cli.commands.score import score_command

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


def test_bad_input_is_one_sentence_with_file_and_line_and_exit_code_1(typed: list[str]) -> None:
    Path(typed[0]).write_text("user_id,movie_id,recommendation_rank\n1,7,first\n")
    result = CliRunner().invoke(APP, typed)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"error: {typed[0]}, line 2: ")
    assert result.stderr.count("\n") == 1
