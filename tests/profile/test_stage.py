"""The stage on disk: profiles are made from training rows and nothing else."""

from typing import Any

import pytest

Project = Any


def test_valid_and_test_rows_change_no_byte(project: Project) -> None:
    before = project.users()
    project.write("valid", [])
    project.write("test", [(user, item, 5.0, 999) for user in range(3) for item in range(16)])
    assert project.users() == before


def test_valid_and_test_files_are_not_even_opened(project: Project) -> None:
    before = project.users()
    for part in ("valid", "test"):
        (project.root / "prepare" / "splits" / "fold-1" / f"{part}.parquet").unlink()
    assert project.users() == before


def test_a_changed_training_row_changes_the_profile(project: Project) -> None:
    before = project.users()
    project.write("train", [(0, 3, 5.0, 1)])
    assert project.users() != before


def test_every_film_used_is_a_training_row_of_that_user(project: Project) -> None:
    project.users()
    rows = {row["user_id"]: row for row in project.rows()}
    trained = {
        "a": {f"film-{item}" for item in range(8)},
        "b": {f"film-{item}" for item in range(4, 12)},
        "c": set(),
    }
    used = {user: {*row["liked"], *row["disliked"]} for user, row in rows.items()}
    assert used["a"]
    assert used["b"]
    assert all(used[user] <= trained[user] for user in trained)


def test_there_is_a_row_for_each_user_in_order_also_without_ratings(project: Project) -> None:
    project.users()
    rows = project.rows()
    assert [row["user_id"] for row in rows] == ["a", "b", "c"]
    assert (rows[2]["source"], rows[2]["liked"]) == ("no rating", [])


@pytest.mark.parametrize(("data", "split"), [("data/tiny", "fold-1"), ("data/ml-100k", "fold-2")])
def test_published_users_are_refused_in_one_sentence_with_the_reason(
    project: Project, capsys: pytest.CaptureFixture[str], data: str, split: str
) -> None:
    project.set(users="published")
    with pytest.raises(SystemExit, match="1"):
        project.users(data, split)
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "which holds test ratings of every other split; set profile.users to llm" in error
    assert not (project.root / "users.jsonl").exists()
