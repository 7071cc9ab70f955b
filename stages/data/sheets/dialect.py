"""How a delimited file is written, and its text cut into records by Python's own reader."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from stages.core.errors import InputError
from stages.core.text import read_text

UNIT = "\x1f"
"""Stands in for a separator of several characters, which no fast reader takes."""
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")

csv.field_size_limit(2**31 - 1)  # a long text is no fault; the default refuses 128 KiB


@dataclass(frozen=True)
class Dialect:
    """How a file is written; without `names` its first line names the columns.

    quoted: a value may stand in quotation marks; otherwise a mark is a character like any other.
    """

    separator: str = ","
    names: tuple[str, ...] | None = None
    encoding: str = "utf-8-sig"
    quoted: bool = True

    @property
    def delimiter(self) -> str:
        """The single character that separates values once the text is loaded."""
        return self.separator if len(self.separator) == 1 else UNIT


CSV = Dialect()


def load_text(path: Path, dialect: Dialect = CSV) -> str:
    """The text of a file that must be there, hold something and be encoded as promised."""
    if not path.is_file():
        raise InputError(
            f"{path} is {'not a file' if path.exists() else 'not there'}; check the path"
        )
    text = read_text(path, dialect.encoding, newline="")
    if not text.strip():
        raise InputError(f"{path} is empty; give a file with data")
    return text if len(dialect.separator) == 1 else text.replace(dialect.separator, UNIT)


def lines_of(text: str) -> Iterator[str]:
    """The lines of a text with their ends: those of any system, and none else."""
    return (line[0] for line in _LINE.finditer(text))


def records(
    path: Path, lines: Iterable[str], dialect: Dialect, strict: bool = False
) -> Iterator[tuple[int, int, list[str]]]:
    """The first and last line of each record that is not blank, counted from 1, and its values.

    strict: a quotation mark that opens a value but does not close its end is an InputError.
    """
    before = 0
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if dialect.quoted else csv.QUOTE_NONE
    reader = csv.reader(lines, delimiter=dialect.delimiter, quoting=quoting, strict=strict)
    try:
        for record in reader:
            if record:
                yield before + 1, reader.line_num, record
            before = reader.line_num
    except csv.Error as error:
        advice = (
            "close the quotation mark that opens here"
            if "end of data" in str(error)
            else "put the whole value in quotation marks, and write each mark inside it twice"
        )
        raise InputError(f"{path}, line {before + 1}: {error}; {advice}") from error


def refuse_stray_marks(path: Path, text: str, dialect: Dialect = CSV) -> None:
    """A mark that opens a value and closes none would silently swallow the rows after it."""
    if dialect.quoted and '"' in text:
        for _ in records(path, lines_of(f"{text}\n"), dialect, strict=True):
            continue
