"""How a person's file is written, judged by all of its lines: separator and quotation marks."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from stages.core.errors import InputError
from stages.data.sheets.dialect import CSV, UNIT, Dialect, lines_of, records

_SEPARATORS = ("::", ",", ";", "\t", "|")
_BLANKS = re.compile(r"[ \t]+")
_AROUND_ENDS = re.compile(r" ?(\r\n?|\n) ?")


@dataclass(frozen=True)
class Guess:
    """How a file is written; starts: the lines on which its records begin, if they were read."""

    dialect: Dialect
    starts: list[int] | None = None


def guess_dialect(path: Path, text: str, separator: str | None = None) -> Guess:
    """The separator and the meaning of quotation marks by which every row is as wide as the first.

    If there is none, the separator that the first line uses most; the reader names the fault.
    separator: what the file itself says.
    """
    header = next(line for line in lines_of(text) if line.strip())
    likely = [separator] if separator else _likely(header)
    fallback = replace(CSV, separator=likely[0])
    if not header.count(likely[0]):
        return Guess(fallback if separator or '"' in header else _blanks_or(fallback, text))
    if '"' not in text and (len(likely) == 1 or not header.count(likely[1])):
        return Guess(fallback)
    for each in filter(header.count, likely):
        guess = _fitting(path, _lines(text, each), replace(CSV, separator=each))
        if guess is not None:
            return guess
    marks_are_right = _quoted(path, _lines(text, likely[0]), fallback) is not None
    return Guess(replace(fallback, quoted=marks_are_right or likely[0] != "\t"))


def _lines(text: str, separator: str) -> list[str]:
    lines = list(lines_of(with_single(text, separator)))
    return [*lines[:-1], lines[-1].rstrip("\r\n") + "\n"]


def with_single(text: str, separator: str) -> str:
    """The text with one character in the place of each separator."""
    if separator == " ":
        return _AROUND_ENDS.sub(r"\1", _BLANKS.sub(" ", text)).strip(" ")
    return text if len(separator) == 1 else text.replace(separator, UNIT)


def is_blank(line: str, separator: str) -> bool:
    """Whether a line holds no value."""
    return not line.strip(f' \t\r\n"{separator}')


def as_wide(record: list[str], least: int, width: int) -> list[str] | None:
    """A record of `width` values; columns at the end that have no name may lack or stand blank."""
    if len(record) > width and not any(value.strip() for value in record[width:]):
        return record[:width]
    if least <= len(record) < width:
        return [*record, *[""] * (width - len(record))]
    return record if len(record) == width else None


def named_width(names: list[str]) -> int:
    """How many columns there are up to the last that has a name."""
    return next((place for place in range(len(names), 0, -1) if names[place - 1].strip()), 0)


def _likely(header: str) -> list[str]:
    """The separators that the first line uses most; `::` is hardly ever anything else."""
    weights = {"::": 100}
    return sorted(_SEPARATORS, key=lambda each: -header.count(each) * weights.get(each, 1))


def _blanks_or(fallback: Dialect, text: str) -> Dialect:
    """Values separated by blanks, if every line has as many, else the fallback."""
    lines = filter(str.strip, lines_of(text))
    width = len(next(lines).split())
    if width > 1 and all(len(line.split()) == width for line in lines):
        return replace(CSV, separator=" ", quoted=False)
    return replace(fallback, separator=",")


def _fitting(path: Path, lines: list[str], quoting: Dialect) -> Guess | None:
    """The dialect of that separator in which every row fits, if there is one.

    A file quotes as a whole or not at all. If every value of several lines could be rows instead,
    the marks of these rows may have paired up.
    """
    are_rows = _row_check(lines, quoting.delimiter)
    plain, quoted = are_rows(lines), _quoted(path, lines, quoting)
    if plain and (quoted is None or (quoted.several and quoting.separator == "\t")):
        return Guess(replace(quoting, quoted=False))
    if quoted is None or not quoted.all_fit:
        return None
    if quoted.several and all(are_rows(lines[first - 1 : last]) for first, last in quoted.several):
        first, last = quoted.several[0]
        raise InputError(
            f"{path}, line {first}: a quotation mark opens a value of {last - first + 1} lines, "
            "each of which could be a row; write a mark that is text twice inside a quoted value, "
            "or the value on one line"
        )
    return Guess(quoting, quoted.starts)


def _row_check(lines: list[str], mark: str) -> Callable[[list[str]], bool]:
    """What says whether lines are rows like the first, if quotation marks mean nothing."""
    names = next(line for line in lines if not is_blank(line, mark)).split(mark)
    least, width = named_width(names), len(names)

    def is_row(line: str) -> bool:
        record = line.rstrip("\r\n").split(mark)
        return is_blank(line, mark) or as_wide(record, least, width) is not None

    return lambda some: all(line.count(mark) == width - 1 or is_row(line) for line in some)


@dataclass
class _Quoted:
    """What a file holds if marks quote: whether its rows fit, and where rows span lines."""

    all_fit: bool
    several: list[tuple[int, int]]
    starts: list[int]


def _quoted(path: Path, lines: list[str], quoting: Dialect) -> _Quoted | None:
    """None if a mark opens a value but does not close its end."""
    seen, width, least = _Quoted(True, [], []), 0, 0
    try:
        for first, last, record in records(path, lines, quoting, strict=True):
            seen.starts.append(first)
            if last > first:
                seen.several.append((first, last))
            if len(record) == width or not any(map(str.strip, record)):
                continue
            if not width:
                width, least = len(record), named_width(record)
            elif as_wide(record, least, width) is None:
                seen.all_fit = False
    except InputError:
        return None
    return seen
