"""Scores of a match: titles as people write them, minus the distance of years."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.enrich.tmdb.answers import ListedFilm
from stages.enrich.tmdb.match import FilmQuery, Match, best_match, match_score, normalised


def film(title: str, year: int | None, original: str = "", number: int = 1) -> ListedFilm:
    return ListedFilm(
        id=number,
        title=title,
        original_title=original,
        release_date=f"{year}-01-01" if year else "",
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amélie", "amelie"),
        ("The Postman", "Postman"),
        ("Tom & Jerry", "Tom and Jerry"),
        ("Schindler's List", "Schindlers List"),
        ("Se7en!", "se7en"),
        ("Crouching Tiger, Hidden Dragon", "Crouching Tiger - Hidden Dragon"),
    ],
)
def test_spellings_of_one_title_are_the_same(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("title", "kept"), [("The", "the"), ("A", "a"), ("!!!", "!!!"), ("千と千尋", "千と千尋")]
)
def test_a_title_never_becomes_empty(title: str, kept: str) -> None:
    assert normalised(title) == kept


@pytest.mark.parametrize(
    ("year", "expected"),
    [(1995, 1.0), (1996, 0.95), (1993, 0.85), (1992, 0.6), (1954, 0.6), (None, 0.85)],
)
def test_years_apart_cost(year: int | None, expected: float) -> None:
    assert match_score(FilmQuery(("Sabrina",), 1995), film("Sabrina", year)) == pytest.approx(
        expected
    )


def test_the_ratio_is_twice_the_common_letters_over_all() -> None:
    assert match_score(FilmQuery(("Heat",), 1995), film("Heated", 1995)) == pytest.approx(
        2 * 4 / (4 + 6)
    )


def test_an_alias_or_the_original_title_is_as_good() -> None:
    assert (
        match_score(
            FilmQuery(("The Tin Drum", "Die Blechtrommel"), 1979),
            film("Drum", 1979, "Die Blechtrommel"),
        )
        == 1
    )


def test_of_equals_the_first_is_best() -> None:
    films = [
        film("Dawn", 1990, number=1),
        film("Dusk", 1990, number=2),
        film("Dusk", 1990, number=3),
    ]
    assert best_match(FilmQuery(("Dusk",), 1990), films) == Match(films[1], 1.0)
    assert best_match(FilmQuery(("Dusk",), 1990), []) is None


def test_a_near_miss_is_named_with_year_and_score() -> None:
    assert Match(film("Dusk", 1990), 0.613).describe() == "Dusk (1990), score .61"
    assert Match(ListedFilm(id=1), 0.0).describe() == "untitled (year unknown), score .00"


@given(st.text(min_size=1), st.text(min_size=1), st.integers(1900, 2000), st.integers(1900, 2000))
def test_scores_lie_between_0_and_1(ours: str, theirs: str, one: int, other: int) -> None:
    assert 0 <= match_score(FilmQuery((ours,), one), film(theirs, other)) <= 1


@given(st.text(min_size=1), st.integers(1900, 2000))
def test_the_film_itself_scores_1(title: str, year: int) -> None:
    assert match_score(FilmQuery((title,), year), film(title, year)) == 1


def test_what_is_said_of_a_near_miss_is_plain_text() -> None:
    film = ListedFilm(id=1, title="\x1b[31mDu\u202esk\x07 <b>", release_date="1999-05-01")
    assert Match(film, 0.7).describe() == "[31mDusk (1999), score .70"
