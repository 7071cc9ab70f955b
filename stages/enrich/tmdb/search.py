"""Looking a film up by a known id, otherwise by its titles and year, likeliest search first."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from stages.enrich.movies import year_of
from stages.enrich.titles import parse_title
from stages.enrich.tmdb.answers import FilmDetails, ListedFilm
from stages.enrich.tmdb.client import Tmdb
from stages.enrich.tmdb.ids import Ids
from stages.enrich.tmdb.match import FilmQuery, Match, best_match


def by_id(ids: Ids, tmdb: Tmdb) -> FilmDetails | None:
    """The film with the known TMDB id, or else with the known IMDb id."""
    details = tmdb.details(ids.tmdb) if ids.tmdb else None
    listed = tmdb.find(ids.imdb) if ids.imdb and not details else None
    return tmdb.details(listed.id) if listed else details


def query_for(row: Mapping[Hashable, Any]) -> FilmQuery:
    """What to search for, given a row of the movies table."""
    title = parse_title(row["title"])
    return FilmQuery((title.title, *title.aliases), year_of(title, row["year"]))


def nearest(query: FilmQuery, tmdb: Tmdb, threshold: float) -> Match | None:
    """The best match of the first search that reaches the threshold, or else of all searches."""
    near: Match | None = None
    for films in _searches(query, tmdb):
        match = best_match(query, films)
        if match and (near is None or match.score > near.score):
            near = match
        if near and near.score >= threshold:
            break
    return near


def _searches(query: FilmQuery, tmdb: Tmdb) -> Iterator[list[ListedFilm]]:
    """Each title with the year, then the main title in any year, asked only as needed."""
    for title in query.titles:
        yield tmdb.search(title, query.year)
    if query.year is not None:
        yield tmdb.search(query.titles[0], None)
