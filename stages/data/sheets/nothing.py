r"""Values that mean "nothing": what programs and people write where there is no value.

Everywhere but in ids and titles: an empty value, NULL, None, NaN, NA, N/A, \N, -, ? and unknown, in
any case. In ids and titles, where `NA` may be a name: NULL, null, None, NaN, nan and \N.

By kind also: a year 0 or 9999; an age up to 0 or from 120; a time 0; as a year or time, a date
0000-00-00, 0001-01-01 or 9999-12-31; and MovieLens' genres "(no genres listed)".

Any number may be a rating or an id, so there a number means nothing only if --nothing says so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.data.columns.columns import CANONICAL
from stages.data.columns.names import USUAL
from stages.data.sheets.faults import commonest, note_left_out
from stages.data.sheets.left_out import LeftOut
from stages.data.sheets.sheet import Sheet

_WORDS = frozenset({"", "null", "none", "nan", "na", "n/a", r"\n", "-", "?", "unknown"})
_OF_NAMES = frozenset({"", "NULL", "null", "None", "NaN", "nan", r"\N"})
_NAMES = frozenset({"user_id", "movie_id", "title", "part"})
_NO_DATE = r"(?:0000-?00-?00|0001-?01-?01|9999-?12-?31)(?:[t ].*)?"
_EPOCH = r"1970-01-01(?:[t ]00:00(?::00)?(?:\.0*)?)?\s*(?:z|utc|gmt|\+00:?00)?"
_ZERO = r"0+(?:\.0*)?"
_BY_KIND = {
    "year": rf"{_ZERO}|9999(?:\.0*)?|{_NO_DATE}",
    "age": rf"-.*|{_ZERO}|(?:1[2-9]\d|[2-9]\d\d|\d{{4,}})(?:\.0*)?",
    "timestamp": rf"{_ZERO}|{_NO_DATE}|{_EPOCH}",
    "genres": re.escape("(no genres listed)"),
}
"""Patterns of values in lower case."""

LAST_YEAR = 2100
"""A later year is no year."""


@dataclass(frozen=True)
class Nothing:
    """The values that --nothing names: by column, and those that mean nothing everywhere."""

    by_column: Mapping[str, frozenset[str]] = field(default_factory=dict)
    everywhere: frozenset[str] = frozenset()


def parse_nothing(text: str) -> Nothing:
    """`rating=0,age=99,xx` as what means nothing in two columns, and what does everywhere."""
    by_column: dict[str, frozenset[str]] = {}
    everywhere = []
    for part in filter(str.strip, text.split(",")):
        key, equals, value = (piece.strip() for piece in part.rpartition("="))
        if not value or (equals and key not in USUAL):
            raise InputError(
                f"--nothing {part.strip()}: write VALUE or KEY=VALUE with a KEY of "
                + ", ".join(USUAL)
            )
        column = CANONICAL.get(key, key)
        if equals:
            by_column[column] = by_column.get(column, frozenset()) | {value}
        else:
            everywhere.append(value)
    return Nothing(by_column, frozenset(everywhere))


def require_there(said: Nothing, *sheets: Sheet | None) -> None:
    """Refuse a column that --nothing names but no sheet has."""
    there = [name for sheet in sheets if sheet is not None for name in sheet.columns]
    keys = {CANONICAL.get(key, key): key for key in USUAL}
    for column, values in said.by_column.items():
        if column not in there:
            raise InputError(
                f"--nothing {keys[column]}={min(values)}: no {keys[column]} is read from these "
                f"files; name its column with --columns {keys[column]}=COLUMN, or leave this out"
            )


def without_nothing(sheet: Sheet, said: Nothing) -> Sheet:
    """The sheet with empty values for those that mean nothing, which are counted.

    A row without a rating is left out.
    """
    rows = {name: sheet.rows[name].str.strip() for name in sheet.columns}
    for column, text in rows.items():
        nothing = means_nothing(text, column, said)
        written = nothing & (text != "").to_numpy(bool)
        if column == "rating":
            sheet.leave_out(nothing, f"no rating ({commonest(text[nothing])})")
        elif written.any() and column not in _NAMES:
            reason = f"nothing ({commonest(text[written])})"
            count, of = int(written.sum()), int((text != "").sum())
            note_left_out(LeftOut(reason, count, None, "", column, of, sheet.path.name))
        if written.any():
            rows[column] = text.mask(written, "")
    return replace(sheet, rows=pd.DataFrame(rows))


def is_nothing(text: str) -> bool:
    """Whether a name in a list says that there is none."""
    return text.strip().lower() in _WORDS


def means_nothing(values: pd.Series, column: str, said: Nothing) -> np.ndarray:
    """Which stripped values of a column mean nothing."""
    named = said.by_column.get(column, frozenset())
    if column in _NAMES:
        return values.isin(_OF_NAMES | named).to_numpy(bool)
    named |= said.everywhere
    lower = values.str.lower()
    nothing = lower.isin(_WORDS | {value.lower() for value in named})
    if column in _BY_KIND:
        nothing |= lower.str.fullmatch(_BY_KIND[column])
    if amounts := {number for value in named if (number := _number(value)) is not None}:
        nothing |= pd.to_numeric(values, errors="coerce").isin(amounts)
    return nothing.to_numpy(bool)


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
