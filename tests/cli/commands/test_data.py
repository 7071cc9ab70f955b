"""`e2ep data` as a person sees it: one line on stderr and exit code 1, or a table."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from e2ep_cli.main import app

RATINGS = "user_id,item_id,rating\nu1,a,5\nu2,a,2\n"


@pytest.fixture
def own(tmp_path: Path) -> list[str]:
    (tmp_path / "r.csv").write_text(RATINGS)
    (tmp_path / "i.csv").write_text("item_id,title\na,Alpha\n")
    files = ["--ratings", str(tmp_path / "r.csv"), "--items", str(tmp_path / "i.csv")]
    return ["import", "mine", *files, "--root", str(tmp_path / "data")]


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["data", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_list_without_any_data(tmp_path: Path) -> None:
    code, out, _ = run("list", "--root", str(tmp_path))
    assert code == 0
    assert all(name in out for name in ("sample", "ml-100k", "ml-1m", "ml-latest-small"))


def test_an_import_says_what_it_took(own: list[str]) -> None:
    code, out, _ = run(*own)
    assert (code, "imported · 2 ratings, 2 users and 1 movies" in out) == (0, True)


def test_a_guessed_threshold_is_said(own: list[str]) -> None:
    assert "note: a rating from 7.75 counts as positive" in run(*own, "--scale", "1-10")[1]


def test_missing_times_are_said(own: list[str]) -> None:
    assert "note: too many ratings have no time for the split `temporal`" in run(*own)[1]


def test_a_fault_is_one_line_and_leaves_nothing(own: list[str], tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(RATINGS + "u3,a,9\n")
    code, out, error = run(*own)
    assert (code, out, error.count("\n")) == (1, "", 1)
    assert error.startswith("error: ")
    assert "r.csv, line 4: rating 9 is not on the scale 1-5" in error
    assert not (tmp_path / "data").exists()


def test_repeats_are_accepted_when_asked(own: list[str], tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(RATINGS + "u2,a,4\n")
    assert run(*own, "--duplicates", "last")[0] == 0


def test_check_proves_an_import(own: list[str], tmp_path: Path) -> None:
    run(*own)
    code, out, _ = run("check", "mine", "--root", str(tmp_path / "data"))
    assert code == 0
    assert "4 ok" in out


def test_check_fails_with_one_line_when_a_file_changed(own: list[str], tmp_path: Path) -> None:
    run(*own)
    with (tmp_path / "data" / "mine" / "ratings.csv").open("a") as file:
        file.write("u9,a,1,\n")
    code, _, error = run("check", "--root", str(tmp_path / "data"))
    assert (code, error.count("\n")) == (1, 1)
    assert "ratings.csv is changed" in error


def test_check_of_an_empty_folder_says_how_to_begin(tmp_path: Path) -> None:
    code, _, error = run("check", "--root", str(tmp_path))
    assert (code, "dvc pull data.dvc" in error) == (1, True)


def test_add_of_an_unknown_set(tmp_path: Path) -> None:
    code, _, error = run("add", "ml-25m", "--root", str(tmp_path))
    assert (code, "ml-100k, ml-1m, ml-latest-small" in error) == (1, True)
