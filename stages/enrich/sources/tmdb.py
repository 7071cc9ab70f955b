"""The source `tmdb`: each film by a known id, else by title and year; what is not matched says what came nearest."""

import os
import random
from collections.abc import Hashable, Mapping
from contextlib import closing
from typing import Any

import pandas as pd
from pydantic import SecretStr

from stages.core.errors import InputError
from stages.core.log import progress
from stages.enrich.params import TmdbParams
from stages.enrich.sources import Metadata
from stages.enrich.text import clean_text
from stages.enrich.tmdb.answers import Details, Named
from stages.enrich.tmdb.client import Tmdb
from stages.enrich.tmdb.ids import Ids
from stages.enrich.tmdb.kept import Kept
from stages.enrich.tmdb.pace import Clock, Pace
from stages.enrich.tmdb.search import by_id, nearest, wanted_film
from stages.enrich.tmdb.web import TmdbError, Web
from stages.llm.store.database import cache_folder

KEY = "TMDB_API_KEY"
FILE = "tmdb.sqlite"
NAMELESS = frozenset({"unknown", "untitled"})
MOST_CAST = 10
MOST_FAILED = 3
"""Films in a row without an answer before the stage gives up: the server, not the film, is at fault."""


def tmdb_metadata(
    movies: pd.DataFrame, known: Mapping[str, Ids], params: TmdbParams
) -> dict[str, Metadata]:
    """Metadata by movie id, one for each movie, matched or not."""
    clock, draw = Clock(), random.Random()
    web = Web(params, _key(), Pace(params.calls, params.seconds, clock), clock, draw)
    with closing(Kept(cache_folder() / FILE, params.keep_days)) as kept:
        rows = progress(movies.to_dict("records"), "asking TMDB", len(movies))
        return all_metadata(rows, known, Tmdb(web, kept), params.threshold)


def _key() -> SecretStr:
    key = os.environ.get(KEY, "").strip()
    if not key:
        raise InputError(
            f"enrich.source is tmdb, which needs a key in the environment variable {KEY}; "
            "set it, or set enrich.source to auto or none, which need no key"
        )
    return SecretStr(key)


def all_metadata(
    rows: Any, known: Mapping[str, Ids], tmdb: Tmdb, threshold: float
) -> dict[str, Metadata]:
    """As tmdb_metadata; an error after MOST_FAILED films in a row without an answer."""
    found: dict[str, Metadata] = {}
    failed = 0
    for row in rows:
        try:
            found[row["item_id"]] = _metadata(
                row, known.get(row["item_id"], Ids()), tmdb, threshold
            )
            failed = 0
        except TmdbError as error:
            failed += 1
            if failed == MOST_FAILED:
                raise TmdbError(
                    f"{error}; what was answered is kept, so run the same command again to go on"
                ) from None
            found[row["item_id"]] = Metadata("tmdb", unmatched=str(error))
    return found


def _metadata(row: Mapping[Hashable, Any], ids: Ids, tmdb: Tmdb, threshold: float) -> Metadata:
    details = by_id(ids, tmdb)
    if details:
        return _of_details(details)
    wanted = wanted_film(row)
    if wanted.year is None and wanted.titles[0].casefold() in NAMELESS:
        return Metadata("tmdb", unmatched="the data set gives neither title nor year to search by")
    near = nearest(wanted, tmdb, threshold)
    if near is None:
        return Metadata("tmdb", unmatched="TMDB lists no film of such a title")
    details = tmdb.details(near.film.id) if near.score >= threshold else None
    return (
        _of_details(details)
        if details
        else Metadata("tmdb", unmatched=f"best near miss: {near.named()}")
    )


def _of_details(details: Details) -> Metadata:
    overview = clean_text(details.overview)
    return Metadata(
        source="tmdb",
        overview=overview,
        tagline=clean_text(details.tagline),
        year=details.year,
        genres=_names(details.genres),
        keywords=_names(details.keywords.keywords),
        directors=_names([person for person in details.credits.crew if person.job == "Director"]),
        cast=_names(details.credits.cast)[:MOST_CAST],
        tmdb_id=str(details.id),
        imdb_id=clean_text(details.imdb_id),
        unmatched=None if overview else "TMDB has no overview of this movie",
    )


def _names(named: list[Named]) -> list[str]:
    return list(dict.fromkeys(name for one in named if (name := clean_text(one.name))))
