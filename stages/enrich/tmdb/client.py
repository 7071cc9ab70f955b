"""The three questions that are put to TMDB: search, find by IMDb id, details."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from stages.enrich.tmdb.answers import Details, Film, Found
from stages.enrich.tmdb.kept import Kept, question
from stages.enrich.tmdb.web import TmdbError, Web

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Tmdb:
    """TMDB, its answers kept."""

    web: Web
    kept: Kept

    def search(self, title: str, year: int | None) -> list[Film]:
        """Films of about this title, of this year where one is given, the likeliest first."""
        dated = {"year": str(year)} if year else {}
        found = self._asked(
            "search/movie", {"query": title, "include_adult": "false", **dated}, Found
        )
        return found.results if found else []

    def find(self, imdb_id: str) -> Film | None:
        """The film with this IMDb id."""
        found = self._asked(f"find/{imdb_id}", {"external_source": "imdb_id"}, Found)
        return found.movie_results[0] if found and found.movie_results else None

    def details(self, tmdb_id: str | int) -> Details | None:
        """The film with its keywords and credits, in one request."""
        return self._asked(f"movie/{tmdb_id}", {"append_to_response": "keywords,credits"}, Details)

    def _asked(self, path: str, query: Mapping[str, str], form: type[T]) -> T | None:
        """The kept answer, else TMDB's; only one of the right form is kept."""
        whole = {**query, "language": self.web.params.language}
        asked = question(self.web.params.base_url, path, whole)
        there, answer = self.kept.look_up(asked)
        if not there:
            answer = self.web.get(path, whole)
        try:
            parsed = None if answer is None else form.model_validate(answer)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors(include_url=False)[0]["loc"])
            raise TmdbError(
                f"TMDB's answer to /{path} has another form than expected at {where}"
            ) from None
        if not there:
            self.kept.keep(asked, answer)
        return parsed
