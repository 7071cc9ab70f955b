"""Items as a person looks for them: by the first letters of title, person or creator."""

import difflib
from collections.abc import Sequence

import numpy as np

from stages.contracts.items import Item
from stages.enrich.tmdb.match import normalised

_LEAST_ALIKE, _MOST_ALIKE = 0.6, 20_000
"""The least similarity (difflib) of a title that is misspelt, and titles that are tried for it."""


class ItemSearch:
    """The items of a catalogue, the best known first; counts: ratings, (items,)."""

    def __init__(self, catalogue: Sequence[Item], counts: np.ndarray) -> None:
        self._order = np.argsort(-counts, kind="stable").tolist()
        self._titles = [normalised(item.title) for item in catalogue]
        # A word begins after a space, so that ` ali` finds `the alien`.
        self._words = [f" {title}" for title in self._titles]
        self._people = [
            " ".join(f" {normalised(name)}" for name in sorted(item.people)) for item in catalogue
        ]
        self._years = [str(item.year or "") for item in catalogue]

    def rows(self, typed: str, most: int) -> list[int]:
        """ListedRows of at most so many items: by title, its beginning, its words, then people.

        Without a word typed, the best known; where nothing has the words, similar titles.
        """
        key = normalised(typed)
        if not key:
            return self._order[:most]
        parts = key.split()
        ranked: list[list[int]] = [[], [], [], [], []]
        for row in self._order:
            rank = self._rank(row, key, parts)
            if rank is not None:
                ranked[rank].append(row)
        return [row for rows in ranked for row in rows][:most] or self._alike(key, most)

    def _rank(self, row: int, key: str, parts: list[str]) -> int | None:
        if self._titles[row].startswith(key):
            return 0 if self._titles[row] == key else 1
        words, year, people = self._words[row], self._years[row], self._people[row]
        if all(f" {part}" in words or part == year for part in parts):
            return 2
        if all(f" {part}" in words or part == year or f" {part}" in people for part in parts):
            return 3
        return 4 if len(key) > 2 and key in self._titles[row] else None

    def _alike(self, key: str, most: int) -> list[int]:
        if len(self._titles) > _MOST_ALIKE or len(key) < 3:
            return []
        near = difflib.get_close_matches(key, set(self._titles), most, _LEAST_ALIKE)
        places = {title: place for place, title in enumerate(near)}
        rows = [row for row in self._order if self._titles[row] in places]
        return sorted(rows, key=lambda row: places[self._titles[row]])[:most]
