"""One enriched row a movie, from its normalised title, the data set's own fields and a source's metadata."""

from collections.abc import Mapping

import pandas as pd

from stages.enrich.sources import Metadata
from stages.enrich.text import clean_text
from stages.enrich.titles import Title, parse_title

GENRES = {"Science Fiction": "Sci-Fi", "Children's": "Children", "Music": "Musical"}
"""Two vocabularies of genres, MovieLens' and TMDB's, as one."""


def enriched(
    movies: pd.DataFrame, metadata: Mapping[str, Metadata], absent: Metadata
) -> pd.DataFrame:
    """Rows of schema ENRICHED; `absent` stands for a movie that the source does not list."""
    return pd.DataFrame(
        [_row(movie, metadata.get(movie["item_id"], absent)) for movie in movies.to_dict("records")]
    )


def _row(movie: dict, found: Metadata) -> dict[str, object]:
    title = parse_title(movie["title"])
    year = year_of(title, movie["year"])
    return {
        "item_row": movie["item_row"],
        "item_id": movie["item_id"],
        "title": title.title,
        "year": year if year is not None else found.year,
        "aliases": list(title.aliases),
        "genres": merged_genres(list(movie["genres"]), found.genres),
        "overview": found.overview or clean_text(movie["text"]),
        "tagline": found.tagline,
        "keywords": found.keywords,
        "directors": found.directors,
        "cast": found.cast,
        "tmdb_id": found.tmdb_id,
        "imdb_id": found.imdb_id,
        "source": found.source,
        "unmatched": found.unmatched,
    }


def merged_genres(own: list[str], found: list[str]) -> list[str]:
    """The data set's genres, then the source's further ones, in one vocabulary and each once."""
    return list(dict.fromkeys(GENRES.get(genre, genre) for genre in [*own, *found]))


def year_of(title: Title, column: object) -> int | None:
    """The title's year, else the data set's column, else None."""
    if title.year is not None:
        return title.year
    return None if column is None or pd.isna(column) else int(column)  # type: ignore[call-overload]
