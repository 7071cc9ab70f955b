"""One enriched row per movie: normalised title, the data set's fields, a source's metadata."""

from collections.abc import Mapping

import pandas as pd

from stages.enrich.sources import Metadata
from stages.enrich.text import clean_list, clean_text
from stages.enrich.titles import Title, parse_title, written_title

_GENRES = {"Science Fiction": "Sci-Fi", "Children's": "Children", "Music": "Musical"}
"""TMDB's names of genres, and an old one of MovieLens, as MovieLens calls them."""


def enriched(
    movies: pd.DataFrame,
    metadata: Mapping[str, Metadata],
    absent: Metadata,
    as_written: bool = False,
) -> pd.DataFrame:
    """Rows of the schema ENRICHED; `absent` is used for movies that the source does not list.

    as_written: titles and genres are a person's own, not MovieLens'.
    """
    return pd.DataFrame(
        [
            _row(movie, metadata.get(movie["item_id"], absent), as_written)
            for movie in movies.to_dict("records")
        ]
    )


def _row(movie: dict, known: Metadata, as_written: bool) -> dict[str, object]:
    title = (written_title if as_written else parse_title)(movie["title"])
    year = year_of(title, movie["year"])
    return {
        "item_row": movie["item_row"],
        "item_id": movie["item_id"],
        "title": title.title,
        "year": year if year is not None else known.year,
        "aliases": list(title.aliases),
        "genres": merged_genres(list(movie["genres"]), known.genres, as_written),
        "overview": known.overview or clean_text(movie["text"]),
        "tagline": known.tagline,
        "keywords": known.keywords,
        "directors": known.directors,
        "cast": known.cast,
        "creators": known.creators or clean_list("|".join(movie["creators"])),
        "tmdb_id": known.tmdb_id,
        "imdb_id": known.imdb_id,
        "source": known.source,
        "unmatched": known.unmatched,
    }


def merged_genres(own: list[str], others: list[str], as_written: bool = False) -> list[str]:
    """The data set's genres, then others of the source, in one vocabulary and each once.

    as_written: the data set's own stay as they are.
    """
    ours = own if as_written else [_GENRES.get(genre, genre) for genre in own]
    return list(dict.fromkeys([*ours, *(_GENRES.get(genre, genre) for genre in others)]))


def year_of(title: Title, column: object) -> int | None:
    """The title's year, else the data set's column, else None."""
    if title.year is not None:
        return title.year
    return None if column is None or pd.isna(column) else int(column)  # type: ignore[call-overload]
