"""A delimited file in memory: every value a string, and the line on which each row stands."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from stages.core.errors import InputError
from stages.data.forms.adjacency import item_lists
from stages.data.forms.atomic import is_atomic, plain_names, sequences
from stages.data.forms.form import LISTS, FileForm, form_of
from stages.data.forms.matrix import column_numbers, long_form
from stages.data.sheets.dialect import (
    CSV,
    Dialect,
    lines_of,
    load_text,
    records,
    refuse_stray_marks,
)
from stages.data.sheets.guess import guess_dialect

_BLOCK = 1 << 24


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, as strings.

    lines: (rows,), where each stands, if the file has another form than a row a line.
    lists: the columns that hold several values between blanks.
    """

    path: Path
    rows: pd.DataFrame
    dialect: Dialect
    layout: FileForm = "table"
    lines: np.ndarray | None = None
    lists: frozenset[str] = frozenset()

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return [str(name) for name in self.rows.columns]

    def refuse(self, bad: np.ndarray, what: Callable[[int], str]) -> None:
        """Raise an InputError with file and line of the first row that is `bad`, if any."""
        if bad.any():
            row = int(bad.argmax())
            raise InputError(f"{self.path}, line {self.line(row)}: {what(row)}")

    def line(self, row: int) -> int:
        """The line on which `row` begins, counted from 1."""
        if self.lines is not None:
            return int(self.lines[row])
        text = load_text(self.path, self.dialect)
        rows = records(self.path, lines_of(text), self.dialect)
        return next(islice(rows, row + (self.dialect.names is None), None))[0]

    def place(self, row: int) -> str:
        """Where `row` begins, for a message that names the file already."""
        return f"line {self.line(row)}"

    def renamed(self, columns: dict[str, str]) -> "Sheet":
        """Only the columns listed in `columns`, under their new names."""
        rows = self.rows[list(columns)].rename(columns=columns)
        for column in self.lists & columns.keys():
            if columns[column] == "genres":
                rows["genres"] = rows["genres"].str.replace(" ", "|", regex=False)
        return replace(self, rows=rows)


def read_sheet(path: Path, dialect: Dialect = CSV, may_be_empty: bool = False) -> Sheet:
    """Read every value of `path` as a string; a row of the wrong width is an InputError.

    So is a header without rows, unless `may_be_empty`.
    """
    return _parsed(path, load_text(path, dialect), dialect, may_be_empty)


def read_own_sheet(path: Path, may_be_empty: bool = False, form: FileForm | None = None) -> Sheet:
    """Read a person's file, whatever its form and however its values are separated and quoted."""
    text = load_text(path)
    form = form or form_of(text)
    if form in LISTS:
        rows, lines = item_lists(path, text)
        return Sheet(path, rows, CSV, form, lines)
    dialect = guess_dialect(path, text)
    if form == "matrix":
        return _matrix(path, text, dialect)
    return _untyped(_parsed(path, text, dialect, may_be_empty))


def _matrix(path: Path, text: str, dialect: Dialect) -> Sheet:
    """A matrix with a row for each of its ratings."""
    _, _, first = next(records(path, lines_of(text), dialect))
    names = column_numbers(first)
    matrix = _parsed(path, text, replace(dialect, names=names), may_be_empty=False).rows
    rows, row = long_form(matrix, named=names is None)
    lines = np.array([line for line, _, _ in records(path, lines_of(text), dialect)])
    return Sheet(path, rows, dialect, "matrix", lines[row + (names is None)])


def _untyped(sheet: Sheet) -> Sheet:
    """The sheet itself, or that of an atomic file without the types in its header."""
    if not is_atomic(sheet.columns):
        return sheet
    rows = sheet.rows.rename(columns=plain_names(sheet.columns))
    return replace(sheet, rows=rows, lists=sequences(sheet.columns))


def _parsed(path: Path, text: str, dialect: Dialect, may_be_empty: bool) -> Sheet:
    names, skip = (list(dialect.names), 0) if dialect.names else _header(path, text, dialect)
    refuse_stray_marks(path, text, dialect)
    try:
        table = pa_csv.read_csv(
            _in_arrow(text),
            pa_csv.ReadOptions(column_names=names, skip_rows=skip, block_size=_BLOCK),
            pa_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char='"' if dialect.quoted else False,
                newlines_in_values=dialect.quoted,
            ),
            pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
    except pa.ArrowInvalid as error:
        raise _width_fault(path, text, dialect, len(names), str(error)) from error
    if table.num_rows == 0 and not may_be_empty:
        raise InputError(f"{path} has no rows below its header; give a file with data")
    return Sheet(path, table.to_pandas(), dialect)


def _in_arrow(text: str) -> pa.BufferReader:
    """The text in Arrow's own memory.

    Arrow's threads may let go of what they read only after `read_csv` has returned. If that is a
    Python object and Python is exiting, the process dies: "terminate called without an active
    exception".
    """
    memory = pa.BufferOutputStream()
    memory.write(text.encode())
    return pa.BufferReader(memory.getvalue())


def first_line(path: Path) -> str:
    """The first line of a person's file that is not blank."""
    line = re.search(r"[^\r\n]*\S[^\r\n]*", load_text(path))
    return line[0] if line else ""


def _header(path: Path, text: str, dialect: Dialect) -> tuple[list[str], int]:
    _, last, record = next(records(path, lines_of(text), dialect))
    names = [name.strip() for name in record]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"{path}, line {last}: the column {twice!r} appears twice; rename one")
    return names, last


def _width_fault(path: Path, text: str, dialect: Dialect, width: int, why: str) -> InputError:
    for line, _, record in records(path, lines_of(text), dialect):
        if len(record) != width:
            return InputError(
                f"{path}, line {line}: {len(record)} values where {width} are expected; "
                "correct or drop the line"
            )
    return InputError(
        f"{path} cannot be read: {' '.join(why.split())}; save it as a plain CSV file"
    )
