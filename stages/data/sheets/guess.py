"""How a person's file is written, judged by all of its lines: separator and quotation marks."""

from dataclasses import dataclass, replace
from pathlib import Path

from stages.core.errors import InputError
from stages.data.sheets.dialect import CSV, Dialect, lines_of, records

_SEPARATORS = ",;\t|"


def guess_dialect(path: Path, text: str) -> Dialect:
    """The separator and the meaning of quotation marks by which every row is as wide as the first.

    If there is none, the separator that the first line uses most; the reader names the fault.
    """
    header = next(line for line in lines_of(text) if line.strip())
    likely = sorted(_SEPARATORS, key=header.count, reverse=True)
    fallback = replace(CSV, separator=likely[0])
    if '"' not in text and not header.count(likely[1]):
        return fallback
    lines = list(lines_of(text))
    for separator in filter(header.count, likely):
        dialect = _fitting(path, lines, separator, header.count(separator))
        if dialect is not None:
            return dialect
    marks_are_right = _quoted(path, lines, fallback) is not None
    return replace(fallback, quoted=marks_are_right or likely[0] != "\t")


def _fitting(path: Path, lines: list[str], separator: str, count: int) -> Dialect | None:
    """The dialect of that separator in which every row fits, if there is one.

    A file quotes as a whole or not at all. If every value of several lines could be rows instead,
    the marks of these rows may have paired up.
    """

    def are_rows(some: list[str]) -> bool:
        return all(line.count(separator) == count for line in some if line.strip())

    quoting = replace(CSV, separator=separator)
    plain, quoted = are_rows(lines), _quoted(path, lines, quoting)
    if plain and (quoted is None or (quoted.several and separator == "\t")):
        return replace(quoting, quoted=False)
    if quoted is None or len(quoted.widths) > 1:
        return None
    if quoted.several and all(are_rows(lines[first - 1 : last]) for first, last in quoted.several):
        first, last = quoted.several[0]
        raise InputError(
            f"{path}, line {first}: a quotation mark opens a value of {last - first + 1} lines, "
            "each of which could be a row; write a mark that is text twice inside a quoted value, "
            "or the value on one line"
        )
    return quoting


@dataclass(frozen=True)
class _Quoted:
    """What a file holds if marks quote: the widths of its rows, and where rows span lines."""

    widths: set[int]
    several: list[tuple[int, int]]


def _quoted(path: Path, lines: list[str], quoting: Dialect) -> _Quoted | None:
    """None if a mark opens a value but does not close its end."""
    seen = _Quoted(set(), [])
    try:
        for first, last, record in records(path, lines, quoting, strict=True):
            seen.widths.add(len(record))
            if last > first:
                seen.several.append((first, last))
    except InputError:
        return None
    return seen
