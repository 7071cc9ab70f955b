"""Ratings in several files, one per part of a split that comes with them, as one sheet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.data.forms.form import FileForm
from stages.data.sheets.sheet import Sheet, read_own_sheet


@dataclass(frozen=True)
class JoinedSheet(Sheet):
    """Rows of several files; a fault names the file in which its row stands.

    starts: the first row of each file. sheets: the files.
    """

    starts: tuple[int, ...] = ()
    sheets: tuple[Sheet, ...] = field(default=(), repr=False)

    def refuse(self, bad: np.ndarray, what: Callable[[int], str]) -> None:
        if bad.any():
            row = int(bad.argmax())
            sheet, place = self._file(row)
            raise InputError(f"{sheet.path}, line {sheet.line(place)}: {what(row)}")

    def line(self, row: int) -> int:
        sheet, place = self._file(row)
        return sheet.line(place)

    def place(self, row: int) -> str:
        return f"{super().place(row)} of {self._file(row)[0].path.name}"

    def _file(self, row: int) -> tuple[Sheet, int]:
        which = int(np.searchsorted(self.starts, row, side="right")) - 1
        return self.sheets[which], row - self.starts[which]


def read_parts(files: Mapping[str, Path], form: FileForm | None = None) -> Sheet:
    """The files under each other, with their keys in a column part; a single file as it is.

    What the form of the first is recognised as holds for all.
    """
    paths = list(files.values())
    first = read_own_sheet(paths[0], form=form)
    sheets = (first, *(read_own_sheet(path, form=first.layout) for path in paths[1:]))
    if len(sheets) == 1:
        return first
    for sheet in sheets:
        if sheet.columns != first.columns:
            raise InputError(
                f"{sheet.path} has the columns {', '.join(sheet.columns)}, but {first.path} has "
                f"{', '.join(first.columns)}; write all parts alike"
            )
    rows = [sheet.rows.assign(part=part) for part, sheet in zip(files, sheets, strict=True)]
    starts = np.cumsum([0, *(len(sheet.rows) for sheet in sheets[:-1])]).tolist()
    return JoinedSheet(
        first.path,
        pd.concat(rows, ignore_index=True),
        first.dialect,
        first.layout,
        lists=first.lists,
        starts=tuple(starts),
        sheets=sheets,
    )
