"""Which poster TMDB has of an item, from the answers that the stage enrich keeps too."""

import re
from dataclasses import dataclass

from stages.enrich.tmdb.answers import ListedFilm
from stages.enrich.tmdb.client import Tmdb
from stages.enrich.tmdb.ids import Ids
from stages.enrich.tmdb.search import by_id, nearest, query_for

_PICTURE = re.compile(r"/[\w-]{1,100}\.(jpg|jpeg|png|webp)", re.ASCII)


@dataclass(frozen=True)
class PosterWanted:
    """An item as the data set names it."""

    item_id: str
    title: str
    year: int | None
    ids: Ids


class PosteredFilm(ListedFilm):
    """A film with its poster's path."""

    poster_path: str | None = None


class PosterTmdb(Tmdb):
    """TMDB, asked for posters as for details, so that an answer which is kept serves both."""

    def poster(self, tmdb_id: str | int) -> str | None:
        """The path of the film's poster, if it is the name of a picture."""
        appended = {"append_to_response": "keywords,credits"}
        film = self._request(f"movie/{tmdb_id}", appended, PosteredFilm)
        path = (film and film.poster_path) or ""
        return path if _PICTURE.fullmatch(path) else None


def poster_path(wanted: PosterWanted, tmdb: PosterTmdb, threshold: float) -> str | None:
    """The path of an item's poster; None if there is no such film, or it has none."""
    film = by_id(wanted.ids, tmdb)
    if film is not None:
        return tmdb.poster(film.id)
    match = nearest(query_for({"title": wanted.title, "year": wanted.year}), tmdb, threshold)
    return tmdb.poster(match.film.id) if match and match.score >= threshold else None
