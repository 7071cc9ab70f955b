"""MIND: what people had clicked before, and what they clicked of the articles shown to them."""

from pathlib import Path

import pandas as pd

from stages.data.sheets.dialect import Dialect
from stages.data.sheets.sheet import read_sheet

_BEHAVIORS = Dialect("\t", ("id", "user", "time", "history", "shown"), quoted=False)
_TIME = "%m/%d/%Y %I:%M:%S %p"
_CLICKED = r"(\S+)-1(?:\s|$)"


def clicks(path: Path) -> pd.DataFrame:
    """One click a row, each person's in their order: what came before, then what was shown.

    The history is the same in all lines of a person and has no times.
    """
    rows = read_sheet(path, _BEHAVIORS).rows
    rows["time"] = pd.to_datetime(rows["time"], format=_TIME, errors="coerce")
    rows = rows.sort_values("time", kind="stable")
    before = rows.drop_duplicates("user")
    earlier = before["history"].str.split()
    later = rows["shown"].str.findall(_CLICKED)
    lists = pd.concat([before.assign(item=earlier), rows.assign(item=later)])
    return lists[["user", "item"]].explode("item").dropna().astype("str")
