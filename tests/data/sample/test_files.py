"""The files that are written: the canonical form, without the hidden truth."""

import csv
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from stages.data.formats import canonical
from stages.data.read import read_dataset
from stages.data.sample.__main__ import main
from stages.data.sample.catalogue import read_films
from stages.data.sample.files import write_sample
from stages.data.sample.generate import simulate

FILMS = read_films()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    written = tmp_path_factory.mktemp("sample")
    write_sample(written, FILMS, simulate(FILMS))
    return written


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_it_reads_as_a_data_set(folder: Path) -> None:
    data = read_dataset(folder)
    assert (len(data.movies), len(data.users), len(data.ratings)) == (300, 400, 15_964)
    assert data.simulated
    assert data.timestamps


def test_the_canonical_writer_writes_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    canonical.write(tmp_path, read_dataset(folder))
    for name in ("ratings.csv", "movies.csv", "users.csv"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_dataset_json_says_that_ratings_are_simulated(folder: Path) -> None:
    about = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
    assert about["simulated"] is True
    assert "simulated" in about["description"]


def test_the_data_card_says_simulated_and_warns(folder: Path) -> None:
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "**simulated**" in card
    assert "never evidence" in card
    assert "CC0" in card


def test_themes_and_acclaim_are_not_shipped(folder: Path) -> None:
    headers = [path.open(encoding="utf-8").readline() for path in folder.glob("*.csv")]
    assert len(headers) == 4
    assert not [header for header in headers if "themes" in header or "acclaim" in header]


def test_overviews_are_in_the_metadata_alone(folder: Path) -> None:
    assert {row["text"] for row in _rows(folder / "movies.csv")} == {""}
    assert [row["overview"] for row in _rows(folder / "metadata.csv")] == [
        film.overview for film in FILMS
    ]


def test_lists_in_the_metadata_are_joined_by_bars(folder: Path) -> None:
    airplane = next(row for row in _rows(folder / "metadata.csv") if row["title"] == "Airplane!")
    assert airplane["directors"] == "Jim Abrahams|David Zucker|Jerry Zucker"
    assert airplane["year"] == "1980"


def test_files_have_unix_line_ends(folder: Path) -> None:
    assert not [path.name for path in folder.iterdir() if b"\r" in path.read_bytes()]


def test_the_command_writes_what_the_function_writes(folder: Path, tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(main)
    result = CliRunner().invoke(app, ["--out", str(tmp_path / "new")])
    assert result.exit_code == 0, result.output
    assert {path.name: path.read_bytes() for path in (tmp_path / "new").iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }
