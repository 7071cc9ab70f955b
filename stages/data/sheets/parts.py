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


def are_parts(values: pd.Series) -> bool:
    """Whether each value is a word for one of PARTS; otherwise a column so called means more."""
    return not _meant(values).isna().any()


def with_parts(sheet: Sheet) -> Sheet:
    """The sheet with the words of PARTS in its column part, if it has one, where they are meant."""
    if "part" not in sheet.rows:
        return sheet
    parts = _meant(sheet.rows["part"]).fillna(sheet.rows["part"])
    return replace(sheet, rows=sheet.rows.assign(part=parts))


def _meant(values: pd.Series) -> pd.Series:
    return values.str.strip().str.casefold().map(_MEANT)


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
