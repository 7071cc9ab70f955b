"""Times as people and programs write them, as whole seconds since 1970."""

from dataclasses import replace

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.data.sheets.faults import brief
from stages.data.sheets.sheet import Sheet
from stages.data.sheets.values import count_unknown

LATEST = 253_402_300_799
"""The last second of the year 9999."""
_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""A number from the first would lie after the year 5138 in the next larger unit, so it counts
nano-, micro- or milliseconds: so many to a second."""
_DATES_IN_DIGITS = {
    "%Y%m%d": (19000101, 21001231),
    "%Y%m%d%H%M": (190001010000, 210012312359),
    "%Y%m%d%H%M%S": (19000101000000, 21001231235959),
}
"""Dates as numbers, and the range in which every number of a column is such a date.

As seconds or milliseconds these would all be of August 1970, of spring 1976, or after 2572.
"""
_DAY = 86_400
_FRACTION = r"(?<=:\d\d)[.,]\d+"
_UTC = r"(?<!\s)\s*(?:UTC|GMT)$"


def in_seconds(sheet: Sheet) -> Sheet:
    """The sheet with whole seconds in its column timestamp.

    Empty, and counted, is a time that is unknown: one before 1970, on the last day of 9999 or
    later, or one that says nothing. If none says anything, the first is an InputError.
    """
    if "timestamp" not in sheet.rows:
        return sheet
    text = sheet.rows["timestamp"].str.strip()
    seconds = _of_numbers(text).fillna(_of_dates(text))
    written = (text != "").to_numpy(bool)
    if written.any() and seconds[written].isna().all():
        first = int(written.argmax())
        raise InputError(
            f"{sheet.path}, line {sheet.line(first)}: timestamp {brief(text[first])!r} is neither "
            "a number nor a date like 2024-05-31; write it as one, or leave the column out: "
            "--columns timestamp="
        )
    known = seconds.between(0, LATEST - _DAY).to_numpy(bool)
    whole = np.floor(seconds.where(known, 0)).astype(np.int64).astype("str").where(known, "")
    count_unknown(sheet, "timestamp", written & ~known, "no time from 1970 to 9999")
    return replace(sheet, rows=sheet.rows.assign(timestamp=whole))


def _of_numbers(text: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(text, errors="coerce").astype(np.float64)
    for format_, (first, last) in _DATES_IN_DIGITS.items():
        if numbers.notna().any() and numbers.dropna().between(first, last).all():
            return _seconds(
                pd.to_datetime(
                    text.str.replace(r"\.0*$", "", regex=True), format=format_, errors="coerce"
                )
            )
    size = numbers.abs()
    per_second = np.select([size > above for above, _ in _UNITS], [each for _, each in _UNITS], 1.0)
    return numbers / per_second


def _of_dates(text: pd.Series) -> pd.Series:
    """Dates; with fractions of a second, pandas could not hold those before 1677 or after 2262."""
    plain = text.str.replace(_FRACTION, "", regex=True).str.replace(_UTC, "", regex=True)
    begun = plain.where(plain.str.match(r"\d{4}"), "")  # pandas reads "now" as well
    dates = pd.to_datetime(begun, format="ISO8601", utc=True, errors="coerce")
    return _seconds(dates.dt.tz_localize(None))


def _seconds(dates: pd.Series) -> pd.Series:
    elapsed = dates.dt.as_unit("s").to_numpy("datetime64[s]")
    seconds = elapsed.astype(np.int64).astype(np.float64)
    return pd.Series(np.where(np.isnat(elapsed), np.nan, seconds))
