"""One enriched row per movie: title, own fields and metadata, each from where it should be."""

from collections.abc import Hashable
from typing import Any

import pandas as pd
import pytest

from stages.enrich.movies import enriched, merged_genres
from stages.enrich.sources import Metadata
from stages.enrich.sources.none import NO_SOURCE

ABSENT = Metadata(source="file", unmatched="no row")


def row(movie: dict[str, Any] | None = None, found: Metadata | None = None) -> dict[Hashable, Any]:
    own = {
        "item_row": 0,
        "item_id": "7",
        "title": "Cup, The (1999)",
        "year": 1998,
        "genres": ["War"],
        "text": None,
        "creators": [],
    }
    movies = pd.DataFrame([own | (movie or {})]).astype({"year": "Int16"})
    return enriched(movies, {"7": found} if found else {}, ABSENT).to_dict("records")[0]


def test_the_sources_genres_come_after_the_movies_own() -> None:
    assert merged_genres(["War", "Drama"], ["Drama", "Action"]) == ["War", "Drama", "Action"]


def test_two_vocabularies_become_one() -> None:
    assert merged_genres(["Sci-Fi", "Children's"], ["Science Fiction", "Music"]) == [
        "Sci-Fi",
        "Children",
        "Musical",
    ]


def test_the_titles_year_comes_before_the_data_sets_and_the_sources() -> None:
    dated = Metadata("file", year=1997)
    assert row(found=dated)["year"] == 1999
    assert row({"title": "Cup, The"}, dated)["year"] == 1998
    assert row({"title": "Cup, The", "year": pd.NA}, dated)["year"] == 1997
    assert row({"title": "Cup, The", "year": pd.NA})["year"] is None


def test_the_title_stands_in_natural_order_with_its_aliases() -> None:
    made = row({"title": "Cup, The (Phörpa) (1999)"})
    assert (made["title"], made["aliases"]) == ("The Cup", ["Phörpa"])


def test_the_sources_overview_comes_before_the_data_sets_text() -> None:
    assert row({"text": "own"}, Metadata("file", overview="found"))["overview"] == "found"
    assert row({"text": "own <b>words</b>"}, Metadata("file"))["overview"] == "own words"
    assert row()["overview"] is None


def test_a_movie_that_the_source_does_not_list_says_so() -> None:
    assert (row()["source"], row()["unmatched"]) == ("file", "no row")
    assert row(found=Metadata("file", overview="x"))["unmatched"] is None


def test_without_a_source_the_reason_is_the_parameter() -> None:
    assert (NO_SOURCE.source, NO_SOURCE.unmatched) == ("none", "enrich.source is none")


@pytest.mark.parametrize("name", ["keywords", "directors", "cast", "creators"])
def test_lists_are_the_sources(name: str) -> None:
    lists: dict[str, Any] = {name: ["a", "b"]}
    assert row(found=Metadata("file", **lists))[name] == ["a", "b"]


def test_own_titles_and_genres_stay_as_they_are_written() -> None:
    own = {"year": pd.NA, "text": None, "item_row": 0, "genres": ["Music"], "creators": []}
    titles = ["Guitar strings (light)", "Guitar strings (heavy)", "Stand, The (2001)"]
    movies = pd.DataFrame([own | {"item_id": title, "title": title} for title in titles])
    made = enriched(movies, {}, ABSENT, as_written=True)
    assert made["title"].tolist() == [*titles[:2], "Stand, The"]
    assert made["year"].tolist()[2] == 2001
    assert made["aliases"].tolist() == [[], [], []]
    assert made["genres"].tolist() == [["Music"]] * 3
