"""Ratings in several files, one per part of a split that comes with them, as one sheet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.data.files.own_sheet import read_own_sheet
from stages.data.layouts.layout import Layout
from stages.data.sheets.faults import RowFaults, report
from stages.data.sheets.sheet import Sheet


@dataclass(frozen=True)
class JoinedSheet(Sheet):
    """Rows of several files; a fault names the file in which its row stands.

    starts: the first row of each file. sheets: the files.
    """

    starts: tuple[int, ...] = ()
    sheets: tuple[Sheet, ...] = field(default=(), repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sheet.path.name for sheet in self.sheets)

    def refuse(self, bad: np.ndarray, what: Callable[[int], str], many: str = "") -> None:
        rows = self._put_out(bad)
        files = np.searchsorted(self.starts, rows, side="right") - 1
        for file in np.unique(files):
            sheet, own = self.sheets[file], rows[files == file]
            total = len(sheet.rows)
            report(RowFaults(sheet.path, own, total, what, many, self.line, self.unit))

    def where(self, row: int) -> str:
        file = int(np.searchsorted(self.starts, row, side="right")) - 1
        return f"{super().where(row)} of {self.sheets[file].path.name}"


def read_parts(
    files: Mapping[str, Path], form: Layout | None = None, encoding: str | None = None
) -> Sheet:
    """The files under each other, with their keys in a column part; a single file as it is.

    What the form of the first is recognised as holds for all.
    """
    paths = list(files.values())
    first = read_own_sheet(paths[0], form=form, encoding=encoding)
    others = (read_own_sheet(path, form=first.layout, encoding=encoding) for path in paths[1:])
    sheets = (first, *others)
    if len(sheets) == 1:
        return first
    for sheet in sheets:
        if sheet.columns != first.columns:
            raise InputError(
                f"{sheet.path} has the columns {sheet.named_columns}, but {first.path} has "
                f"{first.named_columns}; write all parts alike"
            )
    rows = [sheet.rows.assign(part=part) for part, sheet in zip(files, sheets, strict=True)]
    starts = np.cumsum([0, *(len(sheet.rows) for sheet in sheets[:-1])]).tolist()
    return JoinedSheet(
        first.path,
        pd.concat(rows, ignore_index=True),
        np.concatenate([sheet.lines for sheet in sheets]),
        first.form,
        first.unit,
        first.headed,
        first.header,
        tuple(note for sheet in sheets for note in sheet.notes),
        layout=first.layout,
        lists=first.lists,
        starts=tuple(starts),
        sheets=sheets,
    )
