"""Delimited text as a table: by Arrow, in the lines that Python's own reader counts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from stages.core.errors import InputError
from stages.data.sheets.dialect import Dialect, lines_of, records
from stages.data.sheets.faults import faulty_widths

_BLOCK = 1 << 24
_LINE_END, _RETURN = b"\n\r"


def in_arrow(encoded: bytes, dialect: Dialect, names: list[str], skip: int) -> pd.DataFrame | None:
    """Every value of a text in UTF-8 as a string; None if a row is not as wide as `names`."""
    try:
        table = pa_csv.read_csv(
            memory_of(encoded),
            pa_csv.ReadOptions(column_names=names, skip_rows=skip, block_size=_BLOCK),
            pa_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char='"' if dialect.quoted else False,
                newlines_in_values=dialect.quoted,
            ),
            pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
    except pa.ArrowInvalid:
        return None
    return table.to_pandas()


def memory_of(content: bytes | bytearray) -> pa.BufferReader:
    """The content in Arrow's own memory.

    Arrow's threads may let go of what they read only after a reader has returned. If that is a
    Python object and Python is exiting, the process dies: "terminate called without an active
    exception".
    """
    memory = pa.allocate_buffer(len(content))
    pa.FixedSizeBufferWriter(memory).write(content)
    return pa.BufferReader(memory)


def first_lines(
    path: Path, text: str, encoded: bytes, dialect: Dialect, before: int, rows: int
) -> np.ndarray:
    """The line on which each record that is not blank begins, below the first `before` lines.

    encoded: the text in UTF-8. rows: how many were read, which is as many as there are lines in a
    file without blank ones. A mark that opens a value and closes none would silently swallow the
    rows after it, and is an InputError.
    """
    if dialect.quoted and '"' in text:
        walked = records(path, lines_of(f"{text}\n"), dialect, strict=True)
        starts = np.fromiter((first for first, _, _ in walked), np.int64)
        return starts[starts > before]
    written = np.frombuffer(encoded, np.uint8)
    if "\r" not in text:
        lines = np.count_nonzero(written == _LINE_END) + (text[-1:] != "\n")
        if lines == before + rows:
            return np.arange(before + 1, before + rows + 1)
    starts = _filled_lines(written)
    return starts[starts > before]


def _filled_lines(written: np.ndarray) -> np.ndarray:
    """The lines that hold anything, counted from 1; they end as on any system."""
    ends = written == _LINE_END
    ends[:-1] |= (written[:-1] == _RETURN) & ~ends[1:]
    ends[-1:] |= written[-1:] == _RETURN
    starts = np.concatenate([[0], np.flatnonzero(ends) + 1])
    lengths = np.diff(np.append(starts, len(written) + 1)) - 1
    paired = (starts[1:] >= 2) & (written[starts[1:] - 2] == _RETURN)
    lengths[:-1] -= paired & (written[starts[1:] - 1] == _LINE_END)
    return np.flatnonzero(lengths) + 1


def header_of(path: Path, text: str, dialect: Dialect) -> tuple[list[str], int]:
    """The names of the columns, and the line on which they end."""
    _, last, record = next(records(path, lines_of(text), dialect))
    names = [name.strip() for name in record]
    refuse_repeated(path, names, last)
    return names, last


def refuse_repeated(path: Path, names: list[str], line: int) -> None:
    """Refuse a name that two columns have."""
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"{path}, line {line}: the column {twice!r} appears twice; rename one")


def width_fault(path: Path, text: str, dialect: Dialect, width: int) -> InputError:
    """What is wrong with a text of which not all rows have `width` values."""
    begun = records(path, lines_of(text), dialect)
    widths = [(line, len(record)) for line, _, record in begun]
    return faulty_widths(path, widths[dialect.names is None :], width) or InputError(
        f"{path} cannot be read row by row; save it as a plain CSV file"
    )


def misfit(path: Path, line: int, record: list[str], width: int) -> InputError:
    """What is wrong with a row of another width."""
    return InputError(
        f"{path}, line {line}: {len(record)} values where {width} are expected; "
        "correct or drop the line"
    )
