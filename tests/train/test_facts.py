"""Genres and years as numbers."""

import numpy as np
import pandas as pd

from stages.train.facts import facts_of


def test_genres_are_flags_in_alphabetical_order_and_an_unknown_year_is_nan() -> None:
    movies = pd.DataFrame({"genres": [["War", "Comedy"], [], ["War"]], "year": [1999, None, 1940]})
    facts = facts_of(movies)
    assert facts.genres.tolist() == [[1, 1], [0, 0], [0, 1]]
    assert np.array_equal(facts.year, [1999, np.nan, 1940], equal_nan=True)


def test_films_without_any_genre_have_no_flags() -> None:
    assert facts_of(pd.DataFrame({"genres": [[], []], "year": [1, 2]})).genres.shape == (2, 0)
