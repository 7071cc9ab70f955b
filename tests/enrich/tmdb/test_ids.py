"""Ids that a data set has."""

from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.enrich.tmdb.ids import Ids, known_ids


def test_links_of_movielens_are_read(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("movieId,imdbId,tmdbId\n1,0114709,862\n2,113497,\n3,,\n")
    assert known_ids(tmp_path, tmp_path / "none.csv") == {
        "1": Ids("862", "tt0114709"),
        "2": Ids(None, "tt0113497"),
        "3": Ids(),
    }


def test_the_metadata_table_comes_before_the_links(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("movieId,imdbId,tmdbId\n1,1,1\n2,2,2\n")
    (tmp_path / "metadata.csv").write_text("movie_id,tmdb_id,imdb_id\n1,862.0,tt0114709\n2,,\n")
    known = known_ids(tmp_path, tmp_path / "metadata.csv")
    assert known == {"1": Ids("862", "tt0114709"), "2": Ids("2", "tt0000002")}


def test_what_is_not_a_number_is_not_an_id(tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_text("movieId,imdbId,tmdbId\n1,../x,nan\n")
    assert known_ids(tmp_path, tmp_path / "none.csv") == {"1": Ids()}


@pytest.mark.parametrize("content", [b"movie,imdb\n1,2\n", b"movieId,imdbId,tmdbId\n\xff,1,1\n"])
def test_links_that_cannot_be_read_are_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "links.csv").write_bytes(content)
    with pytest.raises(InputError, match=r"links\.csv is not MovieLens' table of links; it must"):
        known_ids(tmp_path, tmp_path / "none.csv")
