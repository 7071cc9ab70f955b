"""Which rows are for training, validation and testing, where a set comes with its own split."""

from dataclasses import replace

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.data.dataset import PARTS
from stages.data.sheets.sheet import Sheet

_MEANT = {
    **{part: part for part in PARTS},
    "training": "train",
    "validation": "valid",
    "val": "valid",
    "dev": "valid",
    "testing": "test",
}


def with_parts(sheet: Sheet, named: bool) -> Sheet:
    """The sheet with the words of PARTS in its column part, if it has one.

    named: the person named the column. One that was guessed by its name and says anything else has
    another meaning and is left out.
    """
    if "part" not in sheet.rows:
        return sheet
    written = sheet.rows["part"].str.strip().str.casefold()
    parts = written.map(_MEANT)
    if not named and parts.isna().any():
        return replace(sheet, rows=sheet.rows.drop(columns="part"))
    return replace(sheet, rows=sheet.rows.assign(part=parts.fillna(sheet.rows["part"])))


def checked_parts(sheet: Sheet) -> pd.Series:
    """The column part, which says nothing but PARTS, train and test among them."""
    parts = sheet.rows["part"].str.strip()
    sheet.refuse(
        ~parts.isin(PARTS).to_numpy(bool),
        lambda row: f"part {parts[row]!r} is none of {', '.join(PARTS)}; correct it",
    )
    for needed in ("train", "test"):
        if not np.any(parts == needed):
            raise InputError(
                f"{sheet.path}: no part is {needed}; name the rows to train on and those to test "
                "on, or leave the column out: --columns part="
            )
    return parts
