"""A delimited file in memory: every value a string, and the line on which each row stands."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from stages.core.errors import InputError
from stages.core.text import read_text

_BLOCK = 1 << 24
_UNIT = "\x1f"
"""Stands in for a separator of several characters, which no fast reader takes."""
_SEPARATORS = ",;\t|"


@dataclass(frozen=True)
class Dialect:
    """How a file is written; without `names` its first line names the columns."""

    separator: str = ","
    names: tuple[str, ...] | None = None
    encoding: str = "utf-8-sig"
    quoted: bool = True

    @property
    def delimiter(self) -> str:
        """The single character that separates values once the text is loaded."""
        return self.separator if len(self.separator) == 1 else _UNIT


CSV = Dialect()


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, as strings."""

    path: Path
    rows: pd.DataFrame
    dialect: Dialect

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
        records = _records(self.path, _load(self.path, self.dialect), self.dialect)
        skip = row + (self.dialect.names is None)
        return next(line for place, (line, _) in enumerate(records) if place == skip)

    def renamed(self, columns: dict[str, str]) -> "Sheet":
        """Only the columns listed in `columns`, under their new names."""
        return replace(self, rows=self.rows[list(columns)].rename(columns=columns))


def read_sheet(path: Path, dialect: Dialect = CSV, may_be_empty: bool = False) -> Sheet:
    """Read every value of `path` as a string; a row of the wrong width is an InputError.

    So is a header without rows, unless `may_be_empty`.
    """
    text = _load(path, dialect)
    names, skip = (list(dialect.names), 0) if dialect.names else _header(path, text, dialect)
    _refuse_open_quote(path, text, dialect)
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


def read_own_sheet(path: Path, may_be_empty: bool = False) -> Sheet:
    """Read a person's CSV file, whichever character separates its values."""
    return read_sheet(path, guess_dialect(first_line(path)), may_be_empty)


def first_line(path: Path) -> str:
    """The first line of a person's file that is not blank."""
    line = re.search(r"[^\r\n]*\S[^\r\n]*", _load(path, CSV))
    return line[0] if line else ""


def guess_dialect(line: str) -> Dialect:
    """CSV with whichever of `, ; tab |` its first line uses most."""
    return Dialect(max(_SEPARATORS, key=line.count))


def _load(path: Path, dialect: Dialect) -> str:
    """The text of a file that must be there, hold something and be encoded as promised."""
    if not path.is_file():
        raise InputError(
            f"{path} is {'not a file' if path.exists() else 'not there'}; check the path"
        )
    text = read_text(path, dialect.encoding, newline="")
    if not text.strip():
        raise InputError(f"{path} is empty; give a file with data")
    return text if len(dialect.separator) == 1 else text.replace(dialect.separator, _UNIT)


def _header(path: Path, text: str, dialect: Dialect) -> tuple[list[str], int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter)
    names = [name.strip() for name in next(row for row in reader if row)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(
            f"{path}, line {reader.line_num}: the column {twice!r} appears twice; rename one"
        )
    return names, reader.line_num


def _records(
    path: Path, text: str, dialect: Dialect, strict: bool = False
) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins; slow, so only used to find a fault."""
    lines, before = io.StringIO(text, newline=""), 0
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if dialect.quoted else csv.QUOTE_NONE
    reader = csv.reader(lines, delimiter=dialect.delimiter, quoting=quoting, strict=strict)
    try:
        for record in reader:
            if record:
                yield before + 1, record
            before = reader.line_num
    except csv.Error as error:
        fault = f"{path}, line {before + 1}: {error}; close the quotation mark that opens here"
        raise InputError(fault) from error


def _refuse_open_quote(path: Path, text: str, dialect: Dialect) -> None:
    """A quotation mark that is never closed would silently swallow the rest of the file."""
    if not dialect.quoted or text.count('"') % 2 == 0:
        return
    for _ in _records(path, text + "\n", dialect, strict=True):
        continue


def _width_fault(path: Path, text: str, dialect: Dialect, width: int, why: str) -> InputError:
    for line, record in _records(path, text, dialect):
        if len(record) != width:
            return InputError(
                f"{path}, line {line}: {len(record)} values where {width} are expected; "
                "correct or drop the line"
            )
    return InputError(
        f"{path} cannot be read: {' '.join(why.split())}; save it as a plain CSV file"
    )
