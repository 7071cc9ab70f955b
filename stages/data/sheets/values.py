"""Checked columns of a sheet; each fault names file, line and value."""

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.data.sheets.sheet import Sheet
from stages.data.understood import LeftOut

Scale = tuple[float, float]


def require_columns(sheet: Sheet, *names: str) -> None:
    """Refuse a sheet that lacks one of these columns."""
    missing = [name for name in names if name not in sheet.rows]
    if missing:
        there = ", ".join(sheet.columns)
        raise InputError(
            f"{sheet.path}, line 1: no column {missing[0]}; the columns there are {there}"
        )


def filled(sheet: Sheet, column: str) -> pd.Series:
    """Strings without surrounding white space, none empty."""
    values = sheet.rows[column].str.strip()
    sheet.refuse(
        (values == "").to_numpy(bool),
        lambda _row: f"{column} is empty; fill it in or drop the line",
    )
    return values


def distinct(sheet: Sheet, column: str) -> pd.Series:
    """Non-empty strings, no two alike."""
    values = filled(sheet, column)
    repeats = values.duplicated().to_numpy(bool)
    sheet.refuse(repeats, lambda row: f"{column} {values[row]} appears twice; keep one line for it")
    return values


def numbers(sheet: Sheet, column: str, blank: float | None = None) -> np.ndarray:
    """Finite numbers; an empty value becomes `blank` if that is given, otherwise it is a fault."""
    text = sheet.rows[column].str.strip()
    values = pd.to_numeric(text, errors="coerce").to_numpy(np.float64, copy=True)
    empty = (text == "").to_numpy(bool) & (blank is not None)
    sheet.refuse(
        ~np.isfinite(values) & ~empty,
        lambda row: f"{column} {text[row]!r} is not a number; correct it",
    )
    values[empty] = 0.0 if blank is None else blank
    return values


def whole_numbers(
    sheet: Sheet, column: str, low: float, high: float, blank: float | None = None
) -> np.ndarray:
    """Whole numbers from `low` to `high`, as floats since `blank` may be NaN."""
    values = numbers(sheet, column, blank)
    bad = (values != np.round(values)) | (values < low) | (values > high)
    bad &= ~np.isnan(values)
    text = sheet.rows[column]
    sheet.refuse(
        bad,
        lambda row: (
            f"{column} {text[row]} is not a whole number from {low:.12g} to {high:.12g}; correct it"
        ),
    )
    return values


def known_numbers(
    sheet: Sheet, column: str, low: float, high: float, text: pd.Series | None = None
) -> tuple[np.ndarray, tuple[LeftOut, ...]]:
    """Whole numbers from `low` to `high`, NaN where a value is none, and those left out.

    text: what to read instead of the column's values.
    """
    written = (sheet.rows[column].str.strip() != "").to_numpy(bool)
    values = pd.to_numeric(sheet.rows[column] if text is None else text, errors="coerce")
    values = values.astype(np.float64)
    known = ((values == values.round()) & values.between(low, high)).to_numpy(bool)
    what = f"no whole number from {low:.12g} to {high:.12g}"
    return values.where(known).to_numpy(), left_unknown(sheet, column, written & ~known, what)


def left_unknown(sheet: Sheet, column: str, bad: np.ndarray, what: str) -> tuple[LeftOut, ...]:
    """The values of an optional column that cannot be used, if there are any."""
    if not bad.any():
        return ()
    values, first = sheet.rows[column].str.strip(), int(bad.argmax())
    written = int((values != "").sum())
    return (
        LeftOut(what, int(bad.sum()), sheet.line(first), str(values[first]), column, of=written),
    )


def on_scale(sheet: Sheet, column: str, scale: Scale, step: float | None = None) -> np.ndarray:
    """Numbers from the scale's low to its high end, in steps of `step` if the scale has one."""
    values, (low, high) = numbers(sheet, column), scale
    bad = (values < low) | (values > high)
    if step is not None:
        bad |= (values - low) % step != 0
    steps = "" if step is None else f" in steps of {step:g}"
    what = f"is not on the scale {low:g}-{high:g}{steps}"
    sheet.refuse(
        bad,
        lambda row: (
            f"{column} {sheet.rows[column][row].strip()} {what}; correct it or declare its scale"
        ),
    )
    return values.astype(np.float32)


def texts(sheet: Sheet, column: str) -> list[str | None]:
    """Strings, None if the value is empty or the sheet has no such column."""
    if column not in sheet.rows:
        return [None] * len(sheet.rows)
    return [value or None for value in sheet.rows[column].str.strip()]
