"""The three questions put to TMDB: search, find by IMDb id, details."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from stages.enrich.tmdb.answers import FilmDetails, FilmList, ListedFilm
from stages.enrich.tmdb.cache import TmdbCache, question_key
from stages.enrich.tmdb.web import TmdbError, Web

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Tmdb:
    """TMDB, with its answers cached."""

    web: Web
    cache: TmdbCache

    def search(self, title: str, year: int | None) -> list[ListedFilm]:
        """Films of about this title, of this year if one is given, the likeliest first."""
        query = {"query": title, "include_adult": "false"}
        if year:
            query["year"] = str(year)
        listed = self._request("search/movie", query, FilmList)
        return listed.results if listed else []

    def find(self, imdb_id: str) -> ListedFilm | None:
        """The film with this IMDb id."""
        listed = self._request(f"find/{imdb_id}", {"external_source": "imdb_id"}, FilmList)
        return listed.movie_results[0] if listed and listed.movie_results else None

    def details(self, tmdb_id: str | int) -> FilmDetails | None:
        """The film with its keywords and credits, in one request."""
        appended = {"append_to_response": "keywords,credits"}
        return self._request(f"movie/{tmdb_id}", appended, FilmDetails)

    def _request(self, path: str, query: Mapping[str, str], form: type[T]) -> T | None:
        """The cached answer, or else TMDB's, which is cached if it has the right form."""
        query = {**query, "language": self.web.params.language}
        key = question_key(self.web.params.base_url, path, query)
        cached, answer = self.cache.look_up(key)
        if not cached:
            answer = self.web.get(path, query)
        try:
            parsed = None if answer is None else form.model_validate(answer)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors(include_url=False)[0]["loc"])
            raise TmdbError(
                f"TMDB's answer to /{path} has another form than expected at {where}"
            ) from None
        if not cached:
            self.cache.keep(key, answer)
        return parsed
