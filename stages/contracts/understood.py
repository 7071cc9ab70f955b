"""What an import understood of a person's files, as dataset.json and the data card keep it."""

from collections.abc import Iterator
from typing import Literal

from stages.contracts.rows import Row

FileKind = Literal["ratings", "items", "users"]
"""What a line of a person's file is about."""
COLUMN_KEYS = {
    "user": "who",
    "item": "what",
    "rating": "liking",
    "timestamp": "when",
    "title": "name",
    "genres": "kinds",
    "year": "of release",
    "text": "description",
    "creators": "makers",
    "part": "train, valid or test",
    "gender": "of users",
    "age": "of users",
    "occupation": "of users",
}
"""What a column can be, in the order of a person's interest, and what it means."""


class FileUnderstood(Row):
    """One file: how it is written, what its columns mean, and what became of its rows.

    columns: key → the person's column; unused: the other columns.
    left_out: reason → rows; unknown: column and reason → values that count as unknown.
    """

    file: str
    holds: FileKind
    form: str
    columns: dict[str, str]
    unused: tuple[str, ...]
    rows: int
    kept: int
    left_out: dict[str, int]
    unknown: dict[str, int]

    def facts(self) -> Iterator[tuple[str, str]]:
        """Key → column, how the file is written, and what became of its rows, in words."""
        yield from ((key, self.columns[key]) for key in COLUMN_KEYS if key in self.columns)
        if self.unused:
            yield "not used", ", ".join(self.unused)
        yield "form", self.form
        kept = "all kept" if self.kept == self.rows else f"{self.kept:,} kept"
        yield "rows", f"{self.rows:,}, {kept}"
        yield from (("left out", f"{rows:,}: {why}") for why, rows in self.left_out.items())
        yield from (("unknown", f"{values:,} of {why}") for why, values in self.unknown.items())


class Understood(Row):
    """The files, and what their ratings mean.

    liked: how many ratings count as liked. unmatched: what → how many ids match nothing.
    """

    files: tuple[FileUnderstood, ...]
    liked: int
    unmatched: dict[str, int]

    @property
    def counterparts(self) -> str:
        """What has no counterpart in another file, in words; empty if all have."""
        return ", ".join(f"{what}: {number:,}" for what, number in self.unmatched.items())
