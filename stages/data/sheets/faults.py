"""Faults in the rows of files: every check reports its own, and one InputError gives them all.

A row is reported once, for the first check that it fails.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from stages.core.characters import shown_text
from stages.core.errors import InputError
from stages.data.sheets.left_out import LeftOut

_SHOWN = 20
_LONGEST = 60
_COMMONEST = 3


@dataclass(frozen=True)
class RowFaults:
    """What one check refuses in one file.

    rows: ascending, of `total`. what: the fault of one row, and after the last `; ` what to do.
    many: the same of several rows ("ratings are of …; add …"), or empty. line: where a row begins.
    unit: what lines are called.
    """

    file: Path
    rows: np.ndarray
    total: int
    what: Callable[[int], str]
    many: str
    line: Callable[[int], int]
    unit: str = "line"

    @property
    def counted(self) -> bool:
        """Whether the rows are counted in one sentence that says what to do about them."""
        return len(self.rows) > 1 and bool(self.many)

    def count(self) -> str:
        """All rows in one sentence."""
        fault, semicolon, advice = self.many.rpartition("; ")
        first = f"the first on {self.unit} {self.line(int(self.rows[0]))}"
        return f"{len(self.rows):,} of {self.total:,} {fault}, {first}{semicolon}{advice}"

    def one(self, row: int) -> str:
        """One row's fault, with what to do unless the sentence that counts the rows says it."""
        what = self.what(row)
        short = what.rpartition("; ")[0] if self.counted else what
        return f"{self.file}, {self.unit} {self.line(row)}: {short}"

    def as_left_out(self) -> LeftOut:
        """The same rows, left out."""
        first = int(self.rows[0])
        reason = self.what(first).rpartition("; ")[0]
        if self.counted:
            reason = "they " + self.many.rpartition("; ")[0].partition(" ")[2]
        count = len(self.rows)
        return LeftOut(reason, count, self.line(first), "", of=self.total, file=self.file.name)


@dataclass
class Faults:
    """What the checks have reported so far.

    skip: rows with faults are left out instead of refused. advice: ends the first line of a report
    of several faults.
    """

    skip: bool = False
    advice: str = ""
    refused: list[RowFaults] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def of(self, file: Path) -> tuple[LeftOut, ...]:
        """What was left out of one file."""
        return tuple(each for each in self.left_out if each.file == file.name)

    def settle(self, stopped: InputError | None = None) -> None:
        """Raise what was refused, or count it as left out.

        stopped: an error after which no further check could be made.
        """
        if self.refused and not self.skip:
            raise faults_error(self.refused, self.advice, stopped) from stopped
        if stopped is not None:
            raise stopped
        self.left_out += (each.as_left_out() for each in self.refused)


_OPEN: ContextVar[Faults | None] = ContextVar("faults", default=None)


@contextmanager
def collecting(skip: bool = False, advice: str = "") -> Iterator[Faults]:
    """Within, faulty rows are kept in mind; at the end they are all raised as one InputError."""
    faults, stopped = Faults(skip, advice), None
    token = _OPEN.set(faults)
    try:
        yield faults
    except InputError as error:
        stopped = error
    finally:
        _OPEN.reset(token)
    faults.settle(stopped)


def report(faulty: RowFaults) -> None:
    """Keep these in mind if somebody is `collecting`, else raise them."""
    faults = _OPEN.get()
    if faults is None:
        raise faults_error([faulty])
    faults.refused.append(faulty)


def any_refused() -> bool:
    """Whether whoever is `collecting` knows of a fault, from which others may follow."""
    faults = _OPEN.get()
    return faults is not None and bool(faults.refused)


def note_left_out(left: LeftOut) -> None:
    """Let whoever is `collecting` know."""
    if (faults := _OPEN.get()) is not None:
        faults.left_out.append(left)


def faulty_widths(path: Path, widths: Sequence[tuple[int, int]], width: int) -> InputError | None:
    """All rows that do not have `width` values; widths: the line and the values of each row."""
    wrong = [(line, count) for line, count in widths if count != width]

    def what(row: int) -> str:
        return f"{wrong[row][1]} values where {width} are expected; correct or drop the line"

    many = f"lines do not have the {width} values that are expected; correct or drop them"
    places = np.arange(len(wrong))
    faulty = RowFaults(path, places, len(widths), what, many, lambda row: wrong[row][0])
    return faults_error([faulty]) if wrong else None


def faults_error(
    refused: Sequence[RowFaults], advice: str = "", stopped: InputError | None = None
) -> InputError:
    """All faults, counted by kind, then the first twenty rows in order of file and line."""
    total = sum(len(each.rows) for each in refused)
    shown = [each.one(row) for each, row in islice(_in_order(refused), _SHOWN)]
    if total == 1 and stopped is None:
        return InputError(shown[0])
    kinds = [f"{each.file}: {each.count()}" for each in refused if each.counted]
    of_one_kind = len(kinds) == len(refused) == 1
    head = kinds.pop() if of_one_kind else _per_file(refused)
    more = [f"and {total - _SHOWN:,} more"] if total > _SHOWN else []
    last = [] if stopped is None else [str(stopped)]
    first = f"{head}; {advice}" if advice else head
    return InputError("\n  ".join([first, *kinds, *shown, *more, *last]))


def brief(value: object, longest: int = _LONGEST) -> str:
    """A value as a message can show it: one line, not too long."""
    text = " ".join(shown_text(str(value)).split())
    return text if len(text) <= longest else f"{text[:longest]}…"


def commonest(values: pd.Series) -> str:
    """The commonest of some values, and how often each occurs."""
    counts = values.value_counts()
    shown = [
        f"{brief(value) or 'empty'}: {count:,}" for value, count in counts[:_COMMONEST].items()
    ]
    return ", ".join(shown + ["…"] * (len(counts) > _COMMONEST))


def _in_order(refused: Sequence[RowFaults]) -> Iterator[tuple[RowFaults, int]]:
    """The first rows of each file, at most as many as are shown."""
    for file in dict.fromkeys(each.file for each in refused):
        firsts = [
            (int(row), place)
            for place, each in enumerate(refused)
            if each.file == file
            for row in each.rows[:_SHOWN]
        ]
        yield from ((refused[place], row) for row, place in sorted(firsts)[:_SHOWN])


def _per_file(refused: Sequence[RowFaults]) -> str:
    counts = Counter[Path]()
    for each in refused:
        counts[each.file] += len(each.rows)
    *parts, last = [f"{n:,} fault{'s' if n > 1 else ''} in {file}" for file, n in counts.items()]
    return f"{', '.join(parts)} and {last}" if parts else last
