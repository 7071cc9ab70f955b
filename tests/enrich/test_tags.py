"""Tags and links that lie beside MovieLens' larger sets: what becomes of them."""

from pathlib import Path

import pandas as pd
import pytest

from stages.contracts.rows import ENRICHED, MOVIES
from stages.core.errors import InputError
from stages.core.tables import read_arrow, write_table
from stages.enrich.__main__ import main
from stages.enrich.tags import MOST_KEYWORDS, read_tags

HEADER = "userId,movieId,tag,timestamp\n"


def lines(*rows: tuple[int, int, str]) -> str:
    return "".join(f"{user},{movie},{tag},1\n" for user, movie, tag in rows)


def test_tags_of_several_users_count_the_most_given_first(tmp_path: Path) -> None:
    given = [
        *((user, 1, "Space") for user in (1, 2)),
        *((user, 1, "robots") for user in (1, 2, 3)),
        *((1, 1, "my own shelf"), (1, 1, "My own shelf")),
        *((user, 2, "&amp; more ") for user in (1, 2)),
        *((user, 3, " ") for user in (1, 2)),
    ]
    (tmp_path / "tags.csv").write_text(HEADER + lines(*given))
    assert read_tags(tmp_path) == {"1": ["robots", "space"], "2": ["& more"]}


def test_an_item_has_ten_tags_at_most(tmp_path: Path) -> None:
    given = [(user, 1, f"tag {n:02}") for n in range(15) for user in (1, 2)]
    (tmp_path / "tags.csv").write_text(HEADER + lines(*given))
    assert read_tags(tmp_path)["1"] == [f"tag {n:02}" for n in range(MOST_KEYWORDS)]


def test_tags_of_the_older_form(tmp_path: Path) -> None:
    (tmp_path / "tags.dat").write_text('15::4973::"excellent!"::1\n20::4973::"Excellent!"::2\n')
    assert read_tags(tmp_path) == {"4973": ['"excellent!"']}


def test_a_set_without_tags_has_none(tmp_path: Path) -> None:
    assert read_tags(tmp_path) == {}
    (tmp_path / "tags.csv").write_text(HEADER)
    assert read_tags(tmp_path) == {}


def test_a_table_of_tags_without_its_columns_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "tags.csv").write_text("user,item,word\n1,2,x\n")
    with pytest.raises(InputError, match=r"tags\.csv, line 1: no column userId"):
        read_tags(tmp_path)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A prepared film, of which the data set has tags, links and a table."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tags.csv").write_text(
        HEADER + lines((1, 7, "robots"), (2, 7, "robots"), (1, 7, "Space"), (2, 7, "space"))
    )
    (tmp_path / "data" / "links.csv").write_text("movieId,imdbId,tmdbId\n7,0114709,862\n")
    film = {"item_row": 0, "item_id": "7", "title": "Toys (1995)", "genres": [], "text": None}
    write_table(
        tmp_path / "movies.parquet", pd.DataFrame([film | {"year": None, "creators": []}]), MOVIES
    )
    return tmp_path


def made(project: Path, params: str) -> dict:
    (project / "params.yaml").write_text(f"enrich: {params}\n")
    main(Path("data"), Path("movies.parquet"), Path("out.parquet"))
    return read_arrow(project / "out.parquet", ENRICHED).to_pylist()[0]


def test_tags_are_keywords_and_links_are_ids(project: Path) -> None:
    row = made(project, "{}")
    assert row["keywords"] == ["robots", "space"]
    assert (row["tmdb_id"], row["imdb_id"]) == ("862", "tt0114709")


def test_tags_stand_behind_the_keywords_of_the_source_and_none_twice(project: Path) -> None:
    (project / "data" / "metadata.csv").write_text("movie_id,keywords,tmdb_id\n7,Space|dolls,1\n")
    row = made(project, "{}")
    assert row["keywords"] == ["Space", "dolls", "robots"]
    assert (row["tmdb_id"], row["imdb_id"]) == ("1", None)


def test_tags_can_be_left_out(project: Path) -> None:
    assert made(project, "{tags: false}")["keywords"] == []
