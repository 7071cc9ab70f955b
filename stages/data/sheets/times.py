"""Times as people write them, as seconds since 1970: seconds, milliseconds or ISO dates."""

from dataclasses import replace

import numpy as np
import pandas as pd

from stages.data.sheets.sheet import Sheet

_MILLISECONDS = 1e11
"""A number above this would lie in the year 5138 as seconds, so it is milliseconds."""


def in_seconds(sheet: Sheet) -> Sheet:
    """The sheet with whole seconds in its column timestamp, empty where there is no time."""
    if "timestamp" not in sheet.rows:
        return sheet
    text = sheet.rows["timestamp"].str.strip()
    numeric = pd.to_numeric(text, errors="coerce").to_numpy(np.float64)
    written = text != ""
    if np.isfinite(numeric).any():
        seconds = np.floor(np.where(np.abs(numeric) > _MILLISECONDS, numeric / 1000, numeric))
    else:
        dates = pd.to_datetime(text, format="ISO8601", utc=True, errors="coerce")
        elapsed = (dates - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(seconds=1)
        seconds = elapsed.to_numpy(np.float64, na_value=np.nan)
    sheet.refuse(
        (written & ~np.isfinite(seconds)).to_numpy(bool),
        lambda row: (
            f"timestamp {text[row]!r} is neither a number nor a date like 2024-05-31; correct it"
        ),
    )
    whole = (
        pd.Series(np.where(written, seconds, 0)).astype(np.int64).astype("str").where(written, "")
    )
    return replace(sheet, rows=sheet.rows.assign(timestamp=whole))
