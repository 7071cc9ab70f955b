"""Checked columns of a sheet; each fault names file, line and value."""

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.data.sheets.faults import brief, note_left_out
from stages.data.sheets.left_out import LeftOut
from stages.data.sheets.scales import Scale, scale_advice
from stages.data.sheets.sheet import Sheet

IDS = ("user_id", "movie_id")
LONGEST_ID = 1000
_DECIMAL_COMMA = r"[-+]?\d+(?:,(?:\d{1,2}|\d{4,}))?"
"""A comma before three digits may as well separate thousands."""

_COMMONEST = 3


def require_columns(sheet: Sheet, *names: str) -> None:
    """Refuse a sheet that lacks one of these columns."""
    missing = [name for name in names if name not in sheet.rows]
    if missing:
        raise InputError(
            f"{sheet.path}, line 1: no column {missing[0]}; the columns there are "
            f"{sheet.named_columns}"
        )


def filled(sheet: Sheet, column: str) -> pd.Series:
    """Strings without surrounding white space, none empty, and as ids not too long."""
    values = sheet.rows[column].str.strip()
    if column in IDS:
        too_long = (values.str.len() > LONGEST_ID).to_numpy(bool)
        sheet.refuse(
            too_long,
            lambda row: (
                f"{column} {values[row][:20]}… has {len(values[row]):,} characters; an id may have "
                f"{LONGEST_ID:,}, so name another column or shorten it"
            ),
        )
    sheet.refuse(
        (values == "").to_numpy(bool),
        lambda _row: f"{column} is empty; fill it in or drop the line",
        f"rows have no {column}; fill it in or drop the lines",
    )
    return values


def distinct(sheet: Sheet, column: str) -> pd.Series:
    """Non-empty strings, no two alike."""
    values = filled(sheet, column)
    sheet.refuse(
        repeated(sheet, values),
        lambda row: f"{column} {brief(values[row])} appears twice; keep one line for it",
        f"rows have the {column} of an earlier line; keep one line for each",
    )
    return values


def repeated(sheet: Sheet, values: pd.Series | pd.DataFrame) -> np.ndarray:
    """Which rows that are not out have what an earlier one of them has."""
    again = np.zeros(len(values), bool)
    again[sheet.kept] = values[sheet.kept].duplicated()
    return again


def without_copies(sheet: Sheet, column: str) -> pd.Series:
    """The same as `distinct`, after leaving out rows that are alike in all columns."""
    copies = repeated(sheet, sheet.rows)
    sheet.leave_out(copies, "an earlier row says the same")
    return distinct(sheet, column)


def numbers(sheet: Sheet, column: str, blank: float | None = None) -> np.ndarray:
    """Finite numbers; an empty value becomes `blank` if that is given, otherwise it is a fault.

    A faulty value is 0, so that further checks can be made.
    """
    text = sheet.rows[column].str.strip()
    values = pd.to_numeric(with_points(text), errors="coerce").to_numpy(np.float64, copy=True)
    empty = (text == "").to_numpy(bool) & (blank is not None)
    bad = ~np.isfinite(values) & ~empty
    sheet.refuse(
        bad,
        lambda row: f"{column} {brief(text[row])!r} is not a number; correct it",
        f"rows have no number as {column}; correct them",
    )
    values[bad] = 0.0
    values[empty] = 0.0 if blank is None else blank
    return values


def with_points(text: pd.Series) -> pd.Series:
    """Numbers with decimal points; commas are that if all numbers of the column may have them."""
    commas = text.str.contains(",", regex=False)
    if not commas.any() or not text[text != ""].str.fullmatch(_DECIMAL_COMMA).all():
        return text
    return text.str.replace(",", ".", regex=False)


def whole_numbers(
    sheet: Sheet, column: str, low: float, high: float, blank: float | None = None
) -> np.ndarray:
    """Whole numbers from `low` to `high`, as floats since `blank` may be NaN.

    A faulty value is `low`.
    """
    values = numbers(sheet, column, blank)
    bad = (values != np.round(values)) | (values < low) | (values > high)
    bad &= ~np.isnan(values)
    text, what = sheet.rows[column], f"a whole number from {low:.12g} to {high:.12g}"
    sheet.refuse(
        bad,
        lambda row: f"{column} {brief(text[row])} is not {what}; correct it",
        f"rows do not have {what} as {column}; correct them",
    )
    values[bad] = low
    return values


def known_numbers(
    sheet: Sheet, column: str, low: float, high: float, text: pd.Series | None = None
) -> np.ndarray:
    """Whole numbers from `low` to `high`, NaN where a value is none; these are counted.

    text: what to read instead of the column's values.
    """
    written = (sheet.rows[column].str.strip() != "").to_numpy(bool)
    values = pd.to_numeric(sheet.rows[column] if text is None else text, errors="coerce")
    values = values.astype(np.float64)
    known = ((values == values.round()) & values.between(low, high)).to_numpy(bool)
    what = f"no whole number from {low:.12g} to {high:.12g}"
    count_unknown(sheet, column, written & ~known, what)
    return values.where(known).to_numpy()


def count_unknown(sheet: Sheet, column: str, bad: np.ndarray, what: str) -> None:
    """Count the values of an optional column that cannot be used, if there are any."""
    if not bad.any():
        return
    values, first = sheet.rows[column].str.strip(), int(bad.argmax())
    count, of, example = int(bad.sum()), int((values != "").sum()), brief(values[first])
    note_left_out(LeftOut(what, count, sheet.line(first), example, column, of, sheet.path.name))


def on_scale(
    sheet: Sheet, column: str, scale: Scale, step: float | None = None, own: bool = False
) -> np.ndarray:
    """Numbers from the scale's low to its high end, in steps of `step` if the scale has one.

    own: a person imports the file, so that they can say what its numbers mean.
    """
    values, (low, high) = numbers(sheet, column), scale
    bad = (values < low) | (values > high)
    if step is not None:
        bad |= (values - low) % step != 0
    steps = "" if step is None else f" in steps of {step:g}"
    text = sheet.rows[column].str.strip()
    off = list(text[bad & sheet.kept].value_counts().index[:_COMMONEST].map(brief)) if own else []

    better = scale_advice(values[sheet.kept], column) if own and bad.any() else None

    def advice(some: list[str]) -> str:
        if better is not None or not own:
            return better or "correct it or declare its scale"
        nothing = ",".join(f"{column}={value}" for value in some)
        return (
            f"correct it, declare its scale with --scale, or pass --nothing {nothing} if "
            f"{' and '.join(some)} mean{'s' if len(some) == 1 else ''} that there is no {column}"
        )

    sheet.refuse(
        bad,
        lambda row: (
            f"{column} {brief(text[row])} is not on the scale {low:g}-{high:g}{steps}; "
            + advice([brief(text[row])])
        ),
        f"{column}s are not on the scale {low:g}-{high:g}{steps}; {advice(off)}",
    )
    return values.astype(np.float32)


def texts(sheet: Sheet, column: str) -> list[str | None]:
    """Strings, None if the value is empty or the sheet has no such column."""
    if column not in sheet.rows:
        return [None] * len(sheet.rows)
    return [value or None for value in sheet.rows[column].str.strip()]
