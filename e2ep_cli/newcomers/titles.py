"""Films as a person names them: the title as it is shown, with its year or without, whatever case and leading article."""

import difflib
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from stages.core.errors import InputError

if TYPE_CHECKING:
    from e2ep_cli.project.reading import Film

MOST_NEAR, LEAST_ALIKE = 3, 0.5
"""How many titles an error suggests, and how much like the one typed they are at least, as difflib's ratio."""


class Titles:
    """The films of a catalogue by title."""

    def __init__(self, catalogue: Sequence["Film"]) -> None:
        from stages.enrich.tmdb.match import normalised

        self.catalogue = catalogue
        self.rows: dict[str, list[int]] = defaultdict(list)
        for row, film in enumerate(catalogue):
            self.rows[normalised(film.title)].append(row)

    def row(self, typed: str) -> int:
        """The row of the film that is meant, by title or else by id; none or several are an InputError with the names."""
        from stages.enrich.titles import parse_title
        from stages.enrich.tmdb.match import normalised

        if not typed.strip():
            raise InputError("a film's title is empty; give one as it is shown, or its id")
        title = parse_title(typed)
        key = normalised(title.title)
        found = [
            row for row in self.rows.get(key, []) if title.year in (None, self.catalogue[row].year)
        ]
        if len(found) != 1:
            found = [
                row for row, film in enumerate(self.catalogue) if film.item_id == typed
            ] or found
        if not found:
            raise InputError(f"no film is called {typed!r}; {self._nearest(key)}")
        if len(found) > 1:
            meant = ", ".join(
                f"{self.catalogue[row].name} with id {self.catalogue[row].item_id}" for row in found
            )
            raise InputError(
                f"several films are called {typed!r}: {meant}; give title and year, or the id"
            )
        return found[0]

    def _nearest(self, key: str) -> str:
        near = difflib.get_close_matches(key, self.rows, MOST_NEAR, LEAST_ALIKE)
        names = [self.catalogue[row].name for one in near for row in self.rows[one]]
        return (
            f"the nearest are {', '.join(names)}"
            if names
            else "no title is like it; check the spelling"
        )
