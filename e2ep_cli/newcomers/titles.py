"""Items as a person names them: by title, with or without its year, in any case, or by id."""

import difflib
from collections import defaultdict
from collections.abc import Callable, Sequence

from stages.contracts.items import Item
from stages.core.errors import InputError
from stages.enrich.titles import parse_title, written_title
from stages.enrich.tmdb.match import normalised

_MOST_NEAR, _LEAST_ALIKE = 3, 0.5
"""How many titles an error suggests, and their least similarity to the one typed (difflib)."""


class CatalogueTitles:
    """The items of a catalogue by title.

    counts: gives how many training ratings each item has, (items,); it is asked only for what an
    error suggests, where the items that most people know come first.
    """

    def __init__(self, catalogue: Sequence[Item], counts: Callable[[], Sequence[int]]) -> None:
        self.catalogue, self.counts = catalogue, counts
        self.rows: dict[str, list[int]] = defaultdict(list)
        for row, item in enumerate(catalogue):
            self.rows[normalised(item.title)].append(row)

    def row(self, typed: str) -> int:
        """The row of the item that is meant, by title with or without its article, or by id.

        No match or several raise an InputError with names to choose from.
        """
        if not typed.strip():
            raise InputError("a title is empty; give one as it is shown, or the item's id")
        for title in (written_title(typed), parse_title(typed)):
            key = normalised(title.title)
            there = self.rows.get(key, [])
            rows = [row for row in there if title.year in (None, self.catalogue[row].year)]
            if rows:
                break
        if len(rows) != 1:
            by_id = [row for row, item in enumerate(self.catalogue) if item.item_id == typed]
            rows = by_id or rows
        if not rows:
            raise InputError(f"no item is called {typed!r}; {self._nearest(key)}")
        if len(rows) > 1:
            meant = ", ".join(
                f"{self.catalogue[row].name} with id {self.catalogue[row].item_id}"
                for row in self._best_known(rows)
            )
            raise InputError(
                f"several items are called {typed!r}: {meant}; give title and year, or the id"
            )
        return rows[0]

    def _nearest(self, key: str) -> str:
        """Items whose title has all words typed, the best known first, or else similar titles."""
        words = set(key.split())
        having = [title for title in self.rows if words and words <= set(title.split())]
        same = self._best_known(self.rows.get(key, []))
        near = [*same, *self._best_known([row for title in having for row in self.rows[title]])]
        if not near:
            alike = difflib.get_close_matches(key, self.rows, _MOST_NEAR, _LEAST_ALIKE)
            near = [row for title in alike for row in self.rows[title]]
        names = [self.catalogue[row].name for row in dict.fromkeys(near)][:_MOST_NEAR]
        if not names:
            return "no title is like it; check the spelling"
        return f"the nearest are {', '.join(names)}"

    def _best_known(self, rows: Sequence[int]) -> list[int]:
        """These rows, those with the most ratings first."""
        if len(rows) < 2:
            return list(rows)
        counts = self.counts()
        return sorted(rows, key=lambda row: -counts[row])
