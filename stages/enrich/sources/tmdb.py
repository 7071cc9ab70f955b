"""The source `tmdb`: each film by a known id, otherwise by title and year.

A film without a match says what came closest.
"""

import os
from collections.abc import Hashable, Mapping
from contextlib import closing, suppress
from typing import Any

import pandas as pd
from pydantic import SecretStr

from stages.core.addresses import addresses_of, is_local, require_local
from stages.core.cache import cache_folder
from stages.core.errors import InputError
from stages.core.log import progress
from stages.enrich.params import TmdbParams
from stages.enrich.sources import Metadata
from stages.enrich.text import clean_text
from stages.enrich.tmdb.answers import FilmDetails, Named
from stages.enrich.tmdb.cache import TmdbCache
from stages.enrich.tmdb.client import Tmdb
from stages.enrich.tmdb.ids import Ids
from stages.enrich.tmdb.pace import Clock, Pace
from stages.enrich.tmdb.search import by_id, nearest, query_for
from stages.enrich.tmdb.web import TmdbError, Web

_NAMELESS = frozenset({"unknown", "untitled"})
_MOST_CAST = 10
_MOST_FAILED = 3
"""Films in a row without an answer before the stage gives up: the films are not the cause."""


def tmdb_metadata(
    movies: pd.DataFrame, known: Mapping[str, Ids], params: TmdbParams
) -> dict[str, Metadata]:
    """Metadata by movie id, for every movie, matched or not."""
    web = Web(params, _key(params), Pace(params.calls, params.seconds, Clock()))
    with closing(TmdbCache(cache_folder() / "tmdb.sqlite", params.keep_days)) as cache:
        rows = progress(movies.to_dict("records"), "asking TMDB", len(movies))
        return all_metadata(rows, known, Tmdb(web, cache), params.threshold)


def _key(params: TmdbParams) -> SecretStr:
    """The key, empty for a local mirror that needs none; an InputError if there is no going on."""
    name = params.key_variable
    key = os.environ.get(name, "").strip()
    if is_local(params.base_url):
        with suppress(OSError):  # the first request says that nobody is there
            require_local(params.base_url, addresses_of(params.base_url))
    elif not key:
        theirs = " (TMDB_API_KEY goes to TMDB's address alone)" if name != "TMDB_API_KEY" else ""
        raise InputError(
            f"enrich.source is tmdb, which needs a key in the environment variable {name}{theirs}; "
            "set it, or set enrich.source to auto or none, which need no key"
        )
    return SecretStr(key)


def all_metadata(
    rows: Any, known: Mapping[str, Ids], tmdb: Tmdb, threshold: float
) -> dict[str, Metadata]:
    """As tmdb_metadata; a TmdbError after three films in a row without an answer."""
    metadata: dict[str, Metadata] = {}
    failed = 0
    for row in rows:
        item = row["item_id"]
        try:
            metadata[item] = _metadata(row, known.get(item, Ids()), tmdb, threshold)
            failed = 0
        except TmdbError as error:
            failed += 1
            if failed == _MOST_FAILED:
                raise TmdbError(
                    f"{error}; every answer so far is kept, so run the same command again later"
                ) from None
            metadata[item] = Metadata("tmdb", unmatched=str(error))
    return metadata


def _metadata(row: Mapping[Hashable, Any], ids: Ids, tmdb: Tmdb, threshold: float) -> Metadata:
    details = by_id(ids, tmdb)
    if details:
        return _of_details(details)
    query = query_for(row)
    if query.year is None and query.titles[0].casefold() in _NAMELESS:
        return Metadata("tmdb", unmatched="the data set gives neither title nor year to search by")
    near = nearest(query, tmdb, threshold)
    if near is None:
        return Metadata("tmdb", unmatched="TMDB lists no film with this title")
    details = tmdb.details(near.film.id) if near.score >= threshold else None
    if details is None:
        return Metadata("tmdb", unmatched=f"best near miss: {near.describe()}")
    return _of_details(details)


def _of_details(details: FilmDetails) -> Metadata:
    overview = clean_text(details.overview)
    return Metadata(
        source="tmdb",
        overview=overview,
        tagline=clean_text(details.tagline),
        year=details.year,
        genres=_names(details.genres),
        keywords=_names(details.keywords.keywords),
        directors=_names([person for person in details.credits.crew if person.job == "Director"]),
        cast=_names(details.credits.cast)[:_MOST_CAST],
        tmdb_id=str(details.id),
        imdb_id=clean_text(details.imdb_id),
        unmatched=None if overview else "TMDB has no overview of this movie",
    )


def _names(named: list[Named]) -> list[str]:
    return list(dict.fromkeys(filter(None, (clean_text(entry.name) for entry in named))))
