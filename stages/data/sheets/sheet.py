"""A file's rows in memory: every value a string, and the line on which each row stands."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.data.layouts.layout import Layout
from stages.data.sheets.delimited import first_lines, header_of, in_arrow, width_fault
from stages.data.sheets.dialect import CSV, Dialect, load_text, refuse_stray_marks
from stages.data.sheets.faults import RowFaults, brief, note_left_out, report
from stages.data.sheets.left_out import LeftOut

_NAMED = 20


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, as strings.

    lines: (rows,) where each row begins, counted from 1 in `unit`s of the file. form: how the file
    is written, for people. headed: whether it names its columns, on line `header`; otherwise they
    are called by their places, 1, 2, …. notes: what was left out of it. out: which rows are faulty
    or left out; sheets made from this one share it. layout: what a line of the file is. lists: the
    columns that hold several values between blanks.
    """

    path: Path
    rows: pd.DataFrame
    lines: np.ndarray
    form: str = "CSV"
    unit: Literal["line", "row"] = "line"
    headed: bool = True
    header: int = 1
    notes: tuple[str, ...] = ()
    out: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    layout: Layout = "table"
    lists: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if len(self.out) != len(self.rows):
            object.__setattr__(self, "out", np.zeros(len(self.rows), bool))

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return [str(name) for name in self.rows.columns]

    @property
    def named_columns(self) -> str:
        """The names of the columns as a message can show them: the first twenty."""
        names = [brief(name) for name in self.columns[:_NAMED]]
        more = len(self.columns) - len(names)
        return ", ".join(names) + (f" and {more:,} more" if more else "")

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
            report(RowFaults(self.path, rows, len(self.rows), what, many, self.line, self.unit))

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
        return int(self.lines[row])

    def where(self, row: int) -> str:
        """Such as `line 7`."""
        return f"{self.unit} {self.line(row)}"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files that the rows are from."""
        return (self.path.name,)

    def renamed(self, columns: dict[str, str]) -> "Sheet":
        """Only the columns listed in `columns`, under their new names."""
        return replace(self, rows=self.rows[list(columns)].rename(columns=columns))

    def only(self, keep: np.ndarray) -> "Sheet":
        """Only the rows that `keep` marks, each with its line."""
        if keep.all():
            return self
        rows = self.rows[keep].reset_index(drop=True)
        return replace(self, rows=rows, lines=self.lines[keep], out=self.out[keep])


def read_sheet(path: Path, dialect: Dialect = CSV, may_be_empty: bool = False) -> Sheet:
    """Read every value of `path` as a string; a row of the wrong width is an InputError.

    So is a header without rows, unless `may_be_empty`.
    """
    text = load_text(path, dialect)
    names, skip = (list(dialect.names), 0) if dialect.names else header_of(path, text, dialect)
    encoded = text.encode()
    rows = in_arrow(encoded, dialect, names, skip)
    if rows is not None:
        lines = first_lines(path, text, encoded, dialect, skip, len(rows))
    if rows is None or len(rows) != len(lines):
        refuse_stray_marks(path, text, dialect)
        raise width_fault(path, text, dialect, len(names))
    if not may_be_empty:
        refuse_no_rows(path, rows)
    return Sheet(path, rows, lines)


def refuse_no_rows(path: Path, rows: pd.DataFrame) -> None:
    """Refuse a header without rows."""
    if rows.empty:
        raise InputError(f"{path} has no rows below its header; give a file with data")
