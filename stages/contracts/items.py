"""Items as they are shown to people and models, read from what enrich and profile write."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from stages.contracts.rows import ENRICHED, ItemProfile
from stages.core.tables import read_arrow, read_jsonl

YEAR_AT_END = re.compile(r"\((1\d{3}|20\d{2})\)\s*$")
"""The year that a name may end with, as Item.name writes it."""
_PEOPLE = {"directors": 2, "cast": 3, "creators": 2}
"""The columns of people, and how many of each are shown."""


@dataclass(frozen=True)
class Item:
    """What is shown of an item in addition to its profile."""

    item_id: str
    title: str
    year: int | None = None
    genres: tuple[str, ...] = ()
    people: frozenset[str] = frozenset()
    """Directors, cast and creators, casefolded."""
    creators: tuple[str, ...] = ()
    """Authors, artists, brands: whatever the data set names them."""
    credited: tuple[str, ...] = ()
    """Those of them who are shown, as written: the first directors, cast and creators."""

    @property
    def name(self) -> str:
        """Title and year."""
        return f"{self.title} ({self.year})" if self.year else self.title


@dataclass(frozen=True)
class ProfiledItems:
    """All items of a data set and their profiles, both by item row."""

    items: Sequence[Item]
    profiles: Sequence[ItemProfile]

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each item id."""
        return {item.item_id: row for row, item in enumerate(self.items)}


def read_items(enriched: Path) -> list[Item]:
    """All items, by item row, from the table that enrich writes."""
    return [
        Item(
            item_id=row["item_id"],
            title=row["title"],
            year=row["year"],
            genres=tuple(row["genres"] or ()),
            people=frozenset(name.casefold() for part in _PEOPLE for name in row[part] or ()),
            creators=tuple(row["creators"] or ()),
            credited=_credited(row),
        )
        for row in read_arrow(enriched, ENRICHED).to_pylist()
    ]


def _credited(row: Mapping[str, Any]) -> tuple[str, ...]:
    once: dict[str, str] = {}
    for part, most in _PEOPLE.items():
        for name in (row[part] or ())[:most]:
            once.setdefault(name.casefold(), name)
    return tuple(once.values())


def read_profiled(enriched: Path, profiles: Path) -> ProfiledItems:
    """All items and their profiles, from the files that enrich and profile write."""
    return ProfiledItems(read_items(enriched), list(read_jsonl(profiles, ItemProfile)))
