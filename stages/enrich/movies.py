"""One enriched row per movie: normalised title, the data set's fields, a source's metadata."""

from collections.abc import Mapping

import pandas as pd

from stages.enrich.sources import Metadata
from stages.enrich.text import clean_text
from stages.enrich.titles import Title, parse_title

_GENRES = {"Science Fiction": "Sci-Fi", "Children's": "Children", "Music": "Musical"}
"""TMDB's names of genres, and an old one of MovieLens, as MovieLens calls them."""


def enriched(
    movies: pd.DataFrame, metadata: Mapping[str, Metadata], absent: Metadata
) -> pd.DataFrame:
    """Rows of the schema ENRICHED; `absent` is used for movies that the source does not list."""
    return pd.DataFrame(
        [_row(movie, metadata.get(movie["item_id"], absent)) for movie in movies.to_dict("records")]
    )


def _row(movie: dict, known: Metadata) -> dict[str, object]:
    title = parse_title(movie["title"])
    year = year_of(title, movie["year"])
    return {
        "item_row": movie["item_row"],
        "item_id": movie["item_id"],
        "title": title.title,
        "year": year if year is not None else known.year,
        "aliases": list(title.aliases),
        "genres": merged_genres(list(movie["genres"]), known.genres),
        "overview": known.overview or clean_text(movie["text"]),
        "tagline": known.tagline,
        "keywords": known.keywords,
        "directors": known.directors,
        "cast": known.cast,
        "tmdb_id": known.tmdb_id,
        "imdb_id": known.imdb_id,
        "source": known.source,
        "unmatched": known.unmatched,
    }


def merged_genres(own: list[str], others: list[str]) -> list[str]:
    """The data set's genres, then others of the source, in one vocabulary and each once."""
    return list(dict.fromkeys(_GENRES.get(genre, genre) for genre in [*own, *others]))


def year_of(title: Title, column: object) -> int | None:
    """The title's year, else the data set's column, else None."""
    if title.year is not None:
        return title.year
    return None if column is None or pd.isna(column) else int(column)  # type: ignore[call-overload]
