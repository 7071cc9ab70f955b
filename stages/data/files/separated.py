"""A person's delimited text: whatever separates its values, and with what spreadsheets leave."""

import re
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.data.files.guess import Guess, as_wide, guess_dialect, with_single
from stages.data.files.limits import refuse_many_columns
from stages.data.sheets.delimited import first_lines, in_arrow, misfit, refuse_repeated
from stages.data.sheets.dialect import Dialect, lines_of, records
from stages.data.sheets.sheet import Sheet

_SEPARATOR_LINE = re.compile(r'"?sep=([^\r\n"]{1,2})"?(?=[\r\n])')
"""What Excel heeds on the first line of a file."""
_NUMBER = re.compile(r"\s*[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?\s*")
_JUDGED = 50
_SPOKEN = {",": "commas", ";": "semicolons", " ": "blanks", "\t": "tabs"}


def separated_sheet(path: Path, text: str) -> Sheet:
    """The rows that hold anything, each with its line; blank columns without a name are left out.

    A file without a header has columns 1, 2, …
    """
    said = _SEPARATOR_LINE.match(text)
    text = text[said.end() :] if said else text
    guess = guess_dialect(path, text, said[1] if said else None)
    dialect = guess.dialect
    text = with_single(text, dialect.separator)
    head = _head(path, text, dialect)
    read = _at_once(path, text, guess, head) or _row_by_row(path, text, dialect, head)
    marks = "" if dialect.quoted or '"' not in text else ", quotation marks are text"
    form = f"separated by {_SPOKEN.get(dialect.separator, dialect.separator)}{marks}"
    return _without_blanks(Sheet(path, *read, form, headed=head.is_named, header=head.before))


def unnamed(place: int) -> str:
    """What the column at `place`, counted from 1, is called if its header says nothing."""
    return f"column {place}"


@dataclass(frozen=True)
class _Head:
    """What the columns are called, and on how many lines there is no row before the first.

    is_named: whether the file names the columns, or they are called by their places.
    """

    names: list[str]
    before: int
    is_named: bool


def _head(path: Path, text: str, dialect: Dialect) -> _Head:
    rows = (each for each in records(path, lines_of(text), dialect) if any(map(str.strip, each[2])))
    judged = list(islice(rows, _JUDGED))
    if not judged:
        raise InputError(f"{path} holds no value; give a file with data")
    first, last, header = judged[0]
    refuse_many_columns(path, len(header))
    places = range(1, len(header) + 1)
    if _is_data(header, [record for _, _, record in judged[1:]]):
        return _Head([str(place) for place in places], first - 1, False)
    named = zip(places, header, strict=True)
    names = [name.strip() or unnamed(place) for place, name in named]
    refuse_repeated(path, names, last)
    return _Head(names, last, True)


def _is_data(first: list[str], others: list[list[str]]) -> bool:
    """Whether the first row is data: it has numbers, and nothing else where others have numbers.

    The numbers 0, 1, 2, … are the names that pandas gives to columns without one.
    """
    written = [value.strip() for value in first if value.strip()]
    if not any(map(_NUMBER.fullmatch, written)) or written == list(map(str, range(len(written)))):
        return False
    for value, *below in zip(first, *others, strict=False):
        there = [each for each in below if each.strip()]
        is_name = value.strip() and not _NUMBER.fullmatch(value)
        if is_name and there and all(map(_NUMBER.fullmatch, there)):
            return False
    return True


def _at_once(
    path: Path, text: str, guess: Guess, head: _Head
) -> tuple[pd.DataFrame, np.ndarray] | None:
    """All rows and their lines; None if some are not as wide as the first."""
    encoded = text.encode()
    rows = in_arrow(encoded, guess.dialect, head.names, head.before)
    if rows is None:
        return None
    if guess.starts is None:
        lines = first_lines(path, text, encoded, guess.dialect, head.before, len(rows))
    else:
        lines = np.array(guess.starts, np.int64)
        lines = lines[lines > head.before]
    return (rows, lines) if len(rows) == len(lines) else None


def _row_by_row(
    path: Path, text: str, dialect: Dialect, head: _Head
) -> tuple[pd.DataFrame, np.ndarray]:
    """The same, with rows that differ from the first by blanks at their ends alone."""
    names, width = head.names, len(head.names)
    least = next(n for n in range(width, 0, -1) if n == 1 or names[n - 1] != unnamed(n))
    rows, lines = [], []
    for line, _, record in records(path, lines_of(text), dialect, strict=True):
        blank = not any(map(str.strip, record))
        if line <= head.before or (blank and len(record) == 1):
            continue
        row = [""] * width if blank else as_wide(record, least, width)
        if row is None:
            raise misfit(path, line, record, width)
        rows.append(row)
        lines.append(line)
    return pd.DataFrame(rows, columns=names, dtype="str"), np.array(lines, np.int64)


def _without_blanks(sheet: Sheet) -> Sheet:
    blank = np.flatnonzero(sheet.rows.iloc[:, 0] < "!")  # empty, or begins with a blank
    if len(blank):
        stripped = sheet.rows.iloc[blank].apply(lambda column: column.str.strip() == "")
        blank = blank[stripped.all(axis=1).to_numpy(bool)]
    kept = np.ones(len(sheet.rows), bool)
    kept[blank] = False
    sheet, count = sheet.only(kept), len(blank)
    named = len(sheet.columns)
    while named > 1 and _is_blank(sheet, named):
        named -= 1
    note = f"{sheet.path.name}: {count:,} row{'s' if count > 1 else ''} without any value left out"
    return replace(sheet, rows=sheet.rows.iloc[:, :named], notes=(note,) if count else ())


def _is_blank(sheet: Sheet, place: int) -> bool:
    """Whether the column at `place` has neither a name nor a value."""
    values = sheet.rows.iloc[:, place - 1]
    return sheet.columns[place - 1] == unnamed(place) and bool((values.str.strip() == "").all())
