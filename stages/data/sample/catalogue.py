"""The sample's 300 films, with themes and acclaim that only the generator sees."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from stages.core.errors import InputError
from stages.core.text import read_text

_CATALOGUE = Path(__file__).with_name("catalogue.csv")


@dataclass(frozen=True)
class Film:
    """A row of catalogue.csv; acclaim runs from 1 (panned) to 5 (a classic)."""

    movie_id: int
    title: str
    year: int
    genres: tuple[str, ...]
    directors: tuple[str, ...]
    cast: tuple[str, ...]
    themes: tuple[str, ...]
    acclaim: int
    overview: str

    @property
    def people(self) -> tuple[str, ...]:
        """Directors and cast, each once."""
        return tuple(dict.fromkeys(self.directors + self.cast))


def read_films(path: Path = _CATALOGUE) -> list[Film]:
    """Every film, in the order of its id."""
    rows = csv.DictReader(io.StringIO(read_text(path, newline=""), newline=""))
    return [_film(row, path, rows.line_num) for row in rows]


def _film(row: dict[str, str], path: Path, line: int) -> Film:
    try:
        return Film(
            movie_id=int(row["movie_id"]),
            title=row["title"],
            year=int(row["year"]),
            genres=tuple(row["genres"].split("|")),
            directors=tuple(row["directors"].split("|")),
            cast=tuple(row["cast"].split("|")),
            themes=tuple(row["themes"].split("|")),
            acclaim=int(row["acclaim"]),
            overview=row["overview"],
        )
    except (KeyError, ValueError, AttributeError) as error:
        raise InputError(
            f"{path.name} line {line} is not a film ({error!r}); restore it from Git"
        ) from error
