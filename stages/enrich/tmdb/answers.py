"""The parts of TMDB's answers that are read; fields may be missing, and others present."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator


def _listed(value: Any) -> Any:
    return [] if value is None else value


class Named(BaseModel):
    """A genre, keyword or person."""

    name: str = ""
    job: str | None = None


class ListedFilm(BaseModel):
    """A film as a search lists it."""

    id: int
    title: str = ""
    original_title: str = ""
    release_date: str | None = None

    @property
    def year(self) -> int | None:
        """The year of release."""
        year = (self.release_date or "")[:4]
        return int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None

    @property
    def titles(self) -> tuple[str, ...]:
        """Title and original title, each once."""
        return tuple(dict.fromkeys(filter(None, (self.title, self.original_title))))


_Films = Annotated[list[ListedFilm], BeforeValidator(_listed)]
_Names = Annotated[list[Named], BeforeValidator(_listed)]


class FilmList(BaseModel):
    """The answer to a search (results) or to a look-up by another id (movie_results)."""

    results: _Films = []
    movie_results: _Films = []


class Keywords(BaseModel):
    """The appended keywords."""

    keywords: _Names = []


class Credits(BaseModel):
    """The appended cast, leads first, and crew."""

    cast: _Names = []
    crew: _Names = []


class FilmDetails(ListedFilm):
    """A film with keywords and credits."""

    imdb_id: str | None = None
    overview: str | None = None
    tagline: str | None = None
    genres: _Names = []
    keywords: Keywords = Keywords()
    credits: Credits = Credits()
