"""What an import understood of a person's files, as dataset.json and the data card keep it."""

from typing import Literal

from stages.contracts.rows import Row


class FileUnderstood(Row):
    """One file: how it is written, what its columns mean, and what became of its rows.

    columns: the person's column → its key; unused: the other columns.
    left_out: reason → rows; unknown: column and reason → values that count as unknown.
    """

    file: str
    holds: Literal["ratings", "items", "users"]
    form: str
    separator: str
    encoding: str
    quoted: bool
    columns: dict[str, str]
    unused: tuple[str, ...]
    rows: int
    kept: int
    left_out: dict[str, int]
    unknown: dict[str, int]


class Understood(Row):
    """The files, and what their ratings mean.

    liked: how many ratings count as liked. unmatched: what → how many ids match nothing.
    """

    files: tuple[FileUnderstood, ...]
    liked: int
    unmatched: dict[str, int]
