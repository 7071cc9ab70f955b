"""`e2ep data import` says what it understood before it writes anything."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from e2ep_cli.main import app
from stages.data.columns.names import USUAL

RATINGS = "id;who;recipe_id;rating;date\n1;7;3;5;2024-05-31\n2;7;1;2;2024-06-01\n3;8;3;4;\n"
ITEMS = "id,name,year\n1,Bean soup,1999\n2,Rye bread,c1\n3,Plum cake (warm),\n"


class Import:
    """Two files of a person, and the command that imports them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "ratings.csv").write_text(RATINGS)
        (folder / "items.csv").write_text(ITEMS)

    def __call__(self, *options: str, width: int = 80) -> tuple[int, str, str]:
        files = [f"--{name}={self.folder / f'{name}.csv'}" for name in ("ratings", "items")]
        root = f"--root={self.folder / 'data'}"
        words = ["data", "import", "mine", *files, root, "--columns=user=who", *options]
        done = CliRunner().invoke(app, words, env={"COLUMNS": str(width)})
        return done.exit_code, done.stdout, done.stderr

    def as_json(self, *options: str) -> dict[str, Any]:
        """The one object that --json prints."""
        code, out, _ = self("--json", *options)
        assert code == 0
        facts: dict[str, Any] = json.loads(out)
        return facts


@pytest.fixture
def run(tmp_path: Path) -> Import:
    return Import(tmp_path)


def test_what_was_understood_is_shown_before_what_was_written(run: Import) -> None:
    code, out, _ = run(width=120)
    assert code == 0
    lines = [" ".join(line.split()) for line in out.splitlines()]
    in_order = [
        "ratings: ratings.csv",
        "item recipe_id",
        "not used id",
        "form UTF-8, separated by semicolons",
        "rows 3, all kept",
        "items: items.csv",
        "unknown 1 of year: no whole number from 1 to 2100; the first is 'c1' on line 3",
        "scale 1 to 5",
        "liked from 4: 2 of 3 ratings, 66.7%",
        "unmatched items without a rating: 1",
        "│ 7 │ 3 │ Plum cake (warm) │ 5 │",
    ]
    places = [lines.index(line) for line in in_order]
    written = next(place for place, line in enumerate(lines) if ": imported · 3 ratings" in line)
    assert places == sorted(places)
    assert written > places[-1]


def test_a_dry_run_shows_the_same_and_writes_nothing(run: Import) -> None:
    _, dry, _ = run("--dry-run")
    assert not (run.folder / "data").exists()
    _, wet, _ = run()
    assert dry.replace("nothing written (--dry-run)", "imported") == wet
    assert (run.folder / "data" / "mine" / "dataset.json").is_file()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_of_the_view_is_wider_than_the_terminal(run: Import, width: int) -> None:
    _, out, _ = run("--dry-run", width=width)
    view = out[: out.index(str(run.folder))]
    assert max(map(len, view.splitlines())) <= width


def test_programs_get_one_object_with_the_notes(run: Import) -> None:
    facts = run.as_json("--dry-run")
    assert (facts["written"], facts["ratings"], facts["implicit"]) == (False, 3, False)
    assert not (run.folder / "data").exists()
    rated, items = facts["understood"]["files"]
    assert rated["columns"] == {
        "user": "who",
        "item": "recipe_id",
        "rating": "rating",
        "timestamp": "date",
    }
    assert (rated["form"], rated["unused"]) == ("UTF-8, separated by semicolons", ["id"])
    assert items["columns"] == {"item": "id", "title": "name", "year": "year"}
    assert facts["sample"][0] == {
        "user": "7",
        "item": "3",
        "title": "Plum cake (warm)",
        "rating": 5.0,
        "time": "2024-05-31 00:00",
    }
    assert facts["sample"][-1]["time"] is None
    assert facts["notes"][0].startswith("items.csv: 1 of 2 values of year left out as unknown")


def test_an_import_for_programs_writes_as_well(run: Import) -> None:
    facts = run.as_json()
    written = json.loads((run.folder / "data" / "mine" / "dataset.json").read_text())
    assert facts["written"]
    assert written["understood"] == facts["understood"]


def test_a_fault_shows_no_view(run: Import) -> None:
    (run.folder / "ratings.csv").write_text(RATINGS.replace(";rating;", ";plays;"))
    code, out, error = run()
    assert (code, out, error.count("\n")) == (1, "", 1)
    assert "plays says how often, which is no rating: add --implicit if" in error


def test_implicit_rows_have_no_scale_and_no_rating(run: Import) -> None:
    _, out, _ = run("--implicit", "--dry-run")
    assert "implicit   each of the 3 rows says that a user used an item" in out
    assert "liked" not in out
    assert "the ratings in rating are not used" in out


def test_check_of_a_named_set_shows_how_it_was_understood(run: Import) -> None:
    run()
    words = ["data", "check", "mine", f"--root={run.folder / 'data'}"]
    lines = CliRunner().invoke(app, words).stdout.splitlines()
    assert "  item       recipe_id" in map(str.rstrip, lines)


def test_help_lists_every_key_of_columns() -> None:
    shown = CliRunner().invoke(app, ["data", "import", "--help"], env={"COLUMNS": "80"}).stdout
    text = " ".join(shown.replace("│", " ").split())
    listed = text.partition("The keys: ")[2].partition(". ")[0]
    keys = [word for word in listed.replace(",", " ").split() if word in USUAL]
    assert set(keys) == set(USUAL)


def test_a_title_of_a_megabyte_is_shown_in_brief(run: Import) -> None:
    (run.folder / "items.csv").write_text(f"id,name\n1,{'x' * 10**6}\n2,Rye bread\n3,Plum cake\n")
    code, out, _ = run("--dry-run")
    assert code == 0
    assert "x" * 200 + "…" in out
    assert len(out) < 10_000


def test_an_empty_encoding_is_none_that_files_can_have(run: Import) -> None:
    code, _, err = run("--encoding=")
    assert (code, err.partition(" is ")[2]) == (
        1,
        "no encoding of text; write one like latin-1, cp1252 or utf-16\n",
    )


def test_lists_are_told_in_the_words_of_the_set_though_nobody_said_implicit(tmp_path: Path) -> None:
    (tmp_path / "lists.txt").write_text("a 1 2 3\nb 2 3\n")
    words = ["data", "import", "shop", f"--ratings={tmp_path / 'lists.txt'}", "--form=sequence"]
    named = ["--item-name=product", "--verb=buy", f"--root={tmp_path / 'data'}"]
    out = CliRunner().invoke(app, [*words, *named], env={"COLUMNS": "100"}).stdout
    assert "each of the 5 rows says that a user bought a product" in out
    assert "imported · 5 purchases, 2 users and 3 products" in out
