"""A delimited file in memory: every value a string, and the line on which each row stands."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from stages.core.errors import InputError
from stages.data.sheets.dialect import (
    CSV,
    Dialect,
    lines_of,
    load_text,
    records,
    refuse_stray_marks,
)
from stages.data.sheets.faults import RowFaults, note_left_out, report, width_fault
from stages.data.sheets.guess import guess_dialect
from stages.data.understood import LeftOut

_BLOCK = 1 << 24


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, as strings.

    out: which rows are faulty or left out; sheets made from this one share it.
    """

    path: Path
    rows: pd.DataFrame
    dialect: Dialect
    out: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))

    def __post_init__(self) -> None:
        if len(self.out) != len(self.rows):
            object.__setattr__(self, "out", np.zeros(len(self.rows), bool))

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return [str(name) for name in self.rows.columns]

    @property
    def kept(self) -> np.ndarray:
        """Which rows are neither faulty nor left out."""
        return ~self.out

    def refuse(self, bad: np.ndarray, what: Callable[[int], str], many: str = "") -> None:
        """Report the rows that are `bad` and not out yet: an InputError, at once or later.

        what: the fault of a row, then "; " and what to do. many: the same of several rows, after
        "3 of 5", such as "rows have no user_id; fill it in or drop the lines".
        """
        rows = self._put_out(bad)
        if len(rows):
            report(RowFaults(self.path, rows, len(self.rows), what, many, self.line))

    def leave_out(self, some: np.ndarray, reason: str) -> None:
        """Leave these rows out, but for those that are out already, and count them."""
        if count := len(self._put_out(some)):
            of, file = len(self.rows), self.path.name
            note_left_out(LeftOut(reason, count, None, "", of=of, file=file))

    def _put_out(self, some: np.ndarray) -> np.ndarray:
        """Those of the rows that were not out yet."""
        rows = np.flatnonzero(some & ~self.out)
        self.out[rows] = True
        return rows

    def line(self, row: int) -> int:
        """The line on which `row` begins, counted from 1."""
        return int(self._lines[row])

    @cached_property
    def _lines(self) -> np.ndarray:
        """The line on which each row begins; counting suffices where each row is one line."""
        text = load_text(self.path, self.dialect)
        begun = records(self.path, lines_of(text), self.dialect)
        before = 0 if self.dialect.names else next(begun)[1]
        one_each = text.count("\r") == text.count("\r\n")
        ends = text.count("\n") + (not text.endswith("\n"))
        if one_each and ends == before + len(self.rows):
            return np.arange(before + 1, ends + 1)
        return np.fromiter((first for first, _, _ in begun), np.int64, len(self.rows))

    def renamed(self, columns: dict[str, str]) -> "Sheet":
        """Only the columns listed in `columns`, under their new names."""
        return replace(self, rows=self.rows[list(columns)].rename(columns=columns))


def read_sheet(path: Path, dialect: Dialect = CSV, may_be_empty: bool = False) -> Sheet:
    """Read every value of `path` as a string; a row of the wrong width is an InputError.

    So is a header without rows, unless `may_be_empty`.
    """
    return _parsed(path, load_text(path, dialect), dialect, may_be_empty)


def read_own_sheet(path: Path, may_be_empty: bool = False) -> Sheet:
    """Read a person's delimited file, however its values are separated and quoted."""
    text = load_text(path)
    return _parsed(path, text, guess_dialect(path, text), may_be_empty)


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
    begun = records(path, lines_of(text), dialect)
    widths = [(line, len(record)) for line, _, record in begun]
    return width_fault(path, widths[dialect.names is None :], width) or InputError(
        f"{path} cannot be read: {' '.join(why.split())}; save it as a plain CSV file"
    )
