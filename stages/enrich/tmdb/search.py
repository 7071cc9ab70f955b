"""Looking a film up: by a known id, else by its titles and year, the likeliest question first."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from stages.enrich.movies import year_of
from stages.enrich.titles import parse_title
from stages.enrich.tmdb.answers import Details, Film
from stages.enrich.tmdb.client import Tmdb
from stages.enrich.tmdb.ids import Ids
from stages.enrich.tmdb.match import Candidate, Wanted, best


def by_id(ids: Ids, tmdb: Tmdb) -> Details | None:
    """The film with the known TMDB id, else with the known IMDb id."""
    details = tmdb.details(ids.tmdb) if ids.tmdb else None
    found = tmdb.find(ids.imdb) if ids.imdb and not details else None
    return tmdb.details(found.id) if found else details


def wanted_film(row: Mapping[Hashable, Any]) -> Wanted:
    """What to search for."""
    title = parse_title(row["title"])
    return Wanted((title.title, *title.aliases), year_of(title, row["year"]))


def nearest(wanted: Wanted, tmdb: Tmdb, threshold: float) -> Candidate | None:
    """The best candidate of the first search that reaches the threshold, else of all."""
    near: Candidate | None = None
    for films in _searches(wanted, tmdb):
        found = best(wanted, films)
        if found and (near is None or found.score > near.score):
            near = found
        if near and near.score >= threshold:
            break
    return near


def _searches(wanted: Wanted, tmdb: Tmdb) -> Iterator[list[Film]]:
    """Each title with the year, then the main title in any year; asked one by one as they are needed."""
    for title in wanted.titles:
        yield tmdb.search(title, wanted.year)
    if wanted.year is not None:
        yield tmdb.search(wanted.titles[0], None)
