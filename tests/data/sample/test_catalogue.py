"""Facts about the 300 films."""

from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.sample.catalogue import read_films

GENRES = {
    *(
        "Action",
        "Adventure",
        "Animation",
        "Children",
        "Comedy",
        "Crime",
        "Documentary",
        "Drama",
        "Fantasy",
    ),
    *(
        "Film-Noir",
        "Horror",
        "Musical",
        "Mystery",
        "Romance",
        "Sci-Fi",
        "Thriller",
        "War",
        "Western",
    ),
}
FILMS = read_films()


def test_there_are_300_films_numbered_from_one() -> None:
    assert [film.movie_id for film in FILMS] == list(range(1, 301))


def test_films_stand_by_year_and_title() -> None:
    keys = [(film.year, film.title) for film in FILMS]
    assert keys == sorted(keys)


def test_no_two_films_share_a_title() -> None:
    assert len({film.title.casefold() for film in FILMS}) == len(FILMS)


def test_each_film_has_one_to_three_of_the_known_genres_once() -> None:
    assert all(1 <= len(film.genres) <= 3 for film in FILMS)
    assert all(len(set(film.genres)) == len(film.genres) for film in FILMS)
    assert {genre for film in FILMS for genre in film.genres} == GENRES


def test_each_film_has_two_or_three_themes_that_others_share() -> None:
    themes = [theme for film in FILMS for theme in film.themes]
    assert all(2 <= len(film.themes) <= 3 for film in FILMS)
    assert len(set(themes)) == 30
    assert min(themes.count(theme) for theme in set(themes)) >= 10


def test_overviews_have_35_to_60_words() -> None:
    lengths = [len(film.overview.split()) for film in FILMS]
    assert min(lengths) >= 35
    assert max(lengths) <= 60


def test_overviews_are_plain_sentences() -> None:
    assert all(film.overview.endswith(".") for film in FILMS)
    assert not [film.title for film in FILMS if set("\n\r\t|<>{}`“”‘’") & set(film.overview)]


def test_no_two_overviews_are_alike() -> None:
    assert len({film.overview for film in FILMS}) == len(FILMS)


def test_every_film_names_a_director_and_three_actors() -> None:
    assert all(film.directors and all(film.directors) for film in FILMS)
    assert all(len(set(film.cast)) == 3 and all(film.cast) for film in FILMS)


def test_acclaim_uses_the_whole_scale() -> None:
    assert {film.acclaim for film in FILMS} == {1, 2, 3, 4, 5}


def test_years_run_from_silent_films_to_the_2020s() -> None:
    assert min(film.year for film in FILMS) < 1930
    assert 2020 <= max(film.year for film in FILMS) < 2024


def test_an_actor_who_directs_is_one_person() -> None:
    unforgiven = next(film for film in FILMS if film.title == "Unforgiven")
    assert unforgiven.people == ("Clint Eastwood", "Gene Hackman", "Morgan Freeman")


def test_a_broken_row_is_named_by_its_line(tmp_path: Path) -> None:
    broken = tmp_path / "catalogue.csv"
    broken.write_text("movie_id,title,year,genres\n1,A Film,nineteen,Drama\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"catalogue\.csv line 2"):
        read_films(broken)
