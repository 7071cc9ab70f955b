"""Columns of a CSV or tab-separated file that a person gave, each row with its line, each fault with file and line."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stages.core.errors import InputError

USER = ("user_id", "userId", "user")
ITEM = ("movie_id", "movieId", "item_id", "itemId", "item")
RATING = ("rating",)
RANK = ("recommendation_rank", "rank")


@dataclass(frozen=True)
class Columns:
    """The asked columns as text, in the order asked for, and the line that each row stands on."""

    path: Path
    lines: list[int]
    values: list[list[str]]

    def fault(self, row: int, what: str) -> InputError:
        """An InputError about one row."""
        return InputError(f"{self.path} line {self.lines[row]}: {what}")


def read_columns(path: Path, asked: Sequence[tuple[str, ...]], headless: bool = False) -> Columns:
    """Read the columns `asked`, each by any of its names.

    A file whose first line has tabs is split at tabs, and where `headless` is allowed and that line names none of the
    columns it is MovieLens' u.data: no header, the columns in the order asked for.
    """
    text = _text(path)
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    rows = _rows(path, text, delimiter)
    first = next(rows, None)
    if first is None:
        raise InputError(
            f"{path} is empty; give a file with the columns {', '.join(names[0] for names in asked)}"
        )
    header = [name.strip() for name in first[1]]
    if (
        headless
        and delimiter == "\t"
        and not any(name in header for names in asked for name in names)
    ):
        places, rows = list(range(len(asked))), _rows(path, text, delimiter)
    else:
        places = [_place(path, header, names) for names in asked]
    return _pick(path, rows, places)


def _text(path: Path) -> str:
    if not path.is_file():
        raise InputError(f"{path} is not {'a file' if path.exists() else 'there'}; check the path")
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path} line {line}: not UTF-8 text; convert the file to UTF-8"
        ) from error


def _rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter)
    try:
        yield from ((reader.line_num, row) for row in reader if row)
    except csv.Error as error:
        raise InputError(f"{path} line {reader.line_num}: {error}; mend the line") from error


def _place(path: Path, header: list[str], names: tuple[str, ...]) -> int:
    found = [header.index(name) for name in names if name in header]
    if not found:
        has = ", ".join(name or "''" for name in header)
        raise InputError(f"{path} line 1: no column {names[0]}; its columns are {has}; rename one")
    return found[0]


def _pick(path: Path, rows: Iterator[tuple[int, list[str]]], places: list[int]) -> Columns:
    lines: list[int] = []
    values: list[list[str]] = [[] for _ in places]
    for line, row in rows:
        if len(row) <= max(places):
            raise InputError(
                f"{path} line {line}: {len(row)} fields where {max(places) + 1} are needed; mend the line"
            )
        lines.append(line)
        for column, place in zip(values, places, strict=True):
            column.append(row[place].strip())
    return Columns(path, lines, values)
