"""The source `file`: what a table gives, and what is said of one that cannot be used."""

from pathlib import Path

import pytest

from stages.core.errors import E2epError, InputError, MissingError
from stages.enrich.sources import Metadata
from stages.enrich.sources.file import read_metadata

FULL = (
    "movie_id,overview,tagline,year,genres,keywords,directors,cast,tmdb_id,imdb_id\n"
    "007,A spy &amp; a cat.,Meow,1999,Action|Comedy,cat|spy,A. One,B. Two|C. Three,0012,tt01\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "metadata.csv"


def test_every_column_is_read_and_ids_stay_text(table: Path) -> None:
    table.write_text(FULL)
    assert read_metadata(table) == {
        "007": Metadata(
            source="file",
            overview="A spy & a cat.",
            tagline="Meow",
            year=1999,
            genres=["Action", "Comedy"],
            keywords=["cat", "spy"],
            directors=["A. One"],
            cast=["B. Two", "C. Three"],
            tmdb_id="0012",
            imdb_id="tt01",
        )
    }


@pytest.mark.parametrize("key", ["movie_id", "item_id", "movieId"])
def test_only_the_id_must_be_there_under_any_of_its_names(table: Path, key: str) -> None:
    table.write_text(f"{key}\n1\n")
    assert read_metadata(table) == {
        "1": Metadata("file", unmatched="the table has no overview for this movie")
    }


@pytest.mark.parametrize("date", ["22/11/1995", "1995-11-22", "22-Nov-1995", "1995"])
def test_the_year_is_found_in_any_form_of_date(table: Path, date: str) -> None:
    table.write_text(f"movie_id,release_date\n1,{date}\n")
    assert read_metadata(table)["1"].year == 1995


@pytest.mark.parametrize("date", ["", "soon", "12/34", "19951122"])
def test_a_date_without_a_year_has_none(table: Path, date: str) -> None:
    table.write_text(f"movie_id,release_date\n1,{date}\n")
    assert read_metadata(table)["1"].year is None


def test_a_film_called_none_or_na_keeps_its_words(table: Path) -> None:
    table.write_text("movie_id,overview,tagline\n1,NA,None\n")
    assert (read_metadata(table)["1"].overview, read_metadata(table)["1"].tagline) == ("NA", "None")


def test_the_mark_that_spreadsheets_put_in_front_is_no_part_of_the_name(table: Path) -> None:
    table.write_bytes(b"\xef\xbb\xbf" + FULL.encode())
    assert list(read_metadata(table)) == ["007"]


def test_a_short_row_has_empty_fields(table: Path) -> None:
    table.write_text("movie_id,overview,year\n1,Text\n")
    assert read_metadata(table)["1"].year is None


def test_a_table_that_is_not_there_is_named_with_both_ways_out(tmp_path: Path) -> None:
    with pytest.raises(
        MissingError,
        match=r"^enrich\.file names .*none\.csv, which is not there; .*source to none$",
    ):
        read_metadata(tmp_path / "none.csv")


def test_a_folder_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="which is not there"):
        read_metadata(tmp_path)


def test_a_table_without_an_id_is_refused_with_its_columns(table: Path) -> None:
    table.write_text("title,overview\nx,y\n")
    with pytest.raises(
        InputError, match=r"metadata\.csv has no column movie_id; its columns are title, overview$"
    ):
        read_metadata(table)


def test_a_movie_that_stands_twice_is_named(table: Path) -> None:
    table.write_text("movie_id,overview\n1,a\n22,b\n22,c\n")
    with pytest.raises(InputError, match=r"metadata\.csv has item 22 twice"):
        read_metadata(table)


@pytest.mark.parametrize(
    "content",
    [
        b"movie_id,overview\n1,caf\xe9\n",
        b"",
        b"movie_id,overview\n1,a\n2,b,c\n",
        b'movie_id,overview\n1,"open\n',
    ],
    ids=["latin-1", "empty", "a value too many", "open quote"],
)
def test_a_broken_table_is_refused_in_one_line(table: Path, content: bytes) -> None:
    table.write_bytes(content)
    with pytest.raises(
        E2epError, match=r"metadata\.csv cannot be read as a table: .*; save it as CSV in UTF-8$"
    ) as bad:
        read_metadata(table)
    assert "\n" not in str(bad.value)


def test_the_marks_of_two_rows_do_not_pair_up(table: Path) -> None:
    table.write_text('movie_id,overview\n1,"Heroes\n2,Middle\n3,"Low\n')
    with pytest.raises(InputError, match=r"line 2: .*write each mark inside it twice"):
        read_metadata(table)


def test_lists_as_other_programs_write_them(table: Path) -> None:
    table.write_text(
        "movieId,genres,cast\n"
        """1,"[{'id': 3, 'name': 'War'}, {'name': 'Drama'}]","['A. One', 'B. Two']"\n"""
    )
    (movie,) = read_metadata(table).values()
    assert (movie.genres, movie.cast) == (["War", "Drama"], ["A. One", "B. Two"])


def test_a_list_that_cannot_be_read_is_refused_with_its_movie(table: Path) -> None:
    table.write_text("movie_id,genres\n1,War\n2,[{'id': 3\n")
    with pytest.raises(InputError, match=r"csv, item 2: genres \[\{'id': 3 is not a list"):
        read_metadata(table)
