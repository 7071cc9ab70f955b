"""`python -m stages.enrich`: which source is taken, and what is written."""

from pathlib import Path

import pandas as pd
import pytest

from stages.contracts.rows import ENRICHED, MOVIES
from stages.core.tables import read_arrow, write_table
from stages.enrich.__main__ import main

FILMS = [("1", "Cup, The (1999)"), ("2", "Bread (1998)")]
TABLE = "movie_id,overview,genres\n1,Found.,Comedy\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two prepared movies, in which the test runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    rows = [
        {
            "item_row": n,
            "item_id": i,
            "title": title,
            "year": None,
            "genres": ["War"],
            "text": "Own.",
            "creators": [],
        }
        for n, (i, title) in enumerate(FILMS)
    ]
    write_table(tmp_path / "movies.parquet", pd.DataFrame(rows), MOVIES)
    return tmp_path


def made(project: Path, params: str) -> list[dict]:
    (project / "params.yaml").write_text(f"enrich: {params}\n")
    main(Path("data"), Path("movies.parquet"), Path("out", "movies.parquet"))
    return read_arrow(project / "out" / "movies.parquet", ENRICHED).to_pylist()


def test_auto_takes_the_table_of_the_data_set(project: Path) -> None:
    (project / "data" / "metadata.csv").write_text(TABLE)
    one, two = made(project, "{}")
    assert (one["overview"], one["genres"], one["unmatched"]) == ("Found.", ["War", "Comedy"], None)
    assert one["source"] == "file"
    assert (two["overview"], two["unmatched"]) == ("Own.", "metadata.csv has no row for this movie")


def test_auto_without_a_table_is_none(project: Path) -> None:
    assert [(row["overview"], row["source"]) for row in made(project, "{source: auto}")] == [
        ("Own.", "none")
    ] * 2


def test_none_leaves_a_table_alone(project: Path) -> None:
    (project / "data" / "metadata.csv").write_text(TABLE)
    rows = made(project, "{source: none}")
    assert {(row["source"], row["unmatched"]) for row in rows} == {
        ("none", "enrich.source is none")
    }


def test_a_table_elsewhere_is_taken_by_its_path(project: Path) -> None:
    (project / "mine.csv").write_text(TABLE)
    assert (
        made(project, f"{{source: file, file: {project / 'mine.csv'}}}")[0]["overview"] == "Found."
    )


def test_a_table_outside_is_not_taken_by_its_bare_name(project: Path) -> None:
    (project / "metadata.csv").write_text(TABLE.replace("Found", "Outside"))
    assert made(project, "{}")[0]["overview"] == "Own."


def test_file_without_its_table_ends_with_one_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        made(project, "{source: file}")
    assert end.value.code == 1
    assert capsys.readouterr().err.startswith(
        "error: enrich.file names data/metadata.csv, which is not there"
    )
    assert not (project / "out").exists()


def test_an_unknown_source_is_refused_by_name(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        made(project, "{source: imdb}")
    assert capsys.readouterr().err.startswith("error: enrich.source in params.yaml is 'imdb': ")


@pytest.mark.parametrize(
    ("mark", "title"), [("dataset.json", "Cup, The (Phörpa)"), ("u.data", "The Cup")]
)
def test_movielens_rules_for_titles_are_kept_to_movielens(
    project: Path, mark: str, title: str
) -> None:
    (project / "data" / mark).touch()
    row = {"item_row": 0, "item_id": "1", "year": None, "genres": [], "text": None, "creators": []}
    table = pd.DataFrame([row | {"title": "Cup, The (Phörpa) (1999)"}])
    write_table(project / "movies.parquet", table, MOVIES)
    (movie,) = made(project, "{}")
    assert (movie["title"], movie["year"]) == (title, 1999)
