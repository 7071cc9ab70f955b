"""Genres, years, people and themes as numbers."""

import numpy as np
import pandas as pd

from stages.train.fitting.facts import Facts, facts_of

MOVIES = pd.DataFrame({"genres": [["War", "Comedy"], [], ["War"]], "year": [1999, None, 1940]})
NOBODY: list[list[str]] = [[], [], []]


def facts(**enriched: list[list[str]]) -> Facts:
    lists = (
        dict.fromkeys(("cast", "creators", "directors", "genres", "keywords"), NOBODY) | enriched
    )
    return facts_of(MOVIES, pd.DataFrame(lists | {"year": MOVIES["year"]}))


def test_genres_are_flags_in_alphabetical_order_and_an_unknown_year_is_nan() -> None:
    found = facts()
    assert found.genres.tolist() == [[1, 1], [0, 0], [0, 1]]
    assert np.array_equal(found.year, [1999, np.nan, 1940], equal_nan=True)


def test_films_without_any_genre_have_no_flags() -> None:
    bare = pd.DataFrame({"genres": [[], []], "year": [1, 2]})
    enriched = pd.DataFrame(
        {name: [[], []] for name in ("cast", "creators", "directors", "genres", "keywords")}
    ).assign(year=[1, 2])
    assert facts_of(bare, enriched).genres.shape == (2, 0)


def test_people_of_two_films_count_whether_they_play_or_direct() -> None:
    found = facts(cast=[["Zoe", "Ann"], ["Ann"], ["Bob"]], directors=[[], [], ["Zoe"]])
    assert found.people.toarray().tolist() == [[1, 1], [1, 0], [0, 1]]


def test_who_plays_in_a_film_and_directs_it_has_one_film() -> None:
    assert facts(cast=[["Ann"], [], []], directors=[["Ann"], [], []]).people.shape == (3, 0)


def test_themes_of_two_films_count_as_genre_or_as_keyword() -> None:
    found = facts(genres=[["war"], [], ["heist"]], keywords=[["war", "train"], ["war"], []])
    assert found.themes.toarray().tolist() == [[1], [1], [0]]
