"""The Netflix Prize: blocks of ratings under the number of their film, and titles with commas."""

from pathlib import Path

import pandas as pd

from stages.core.errors import InputError
from stages.core.text import read_text


def blocks(pattern: Path) -> pd.DataFrame:
    """The ratings of all files that match: `1:` begins a film, `user,rating,date` follow."""
    return pd.concat([_block(path) for path in sorted(pattern.parent.glob(pattern.name))])


def _block(path: Path) -> pd.DataFrame:
    rows = pd.read_csv(
        path, names=["user", "rating", "date"], dtype="str", keep_default_na=False
    ).fillna("")
    begins = rows["user"].str.endswith(":")
    if not len(rows) or not begins.iloc[0]:
        raise InputError(f"{path}, line 1: no film begins here, as `1:` does; get the file again")
    rows["item"] = rows["user"].str.rstrip(":").where(begins).ffill()
    return rows[~begins]


def titles(path: Path) -> pd.DataFrame:
    """The films: number, year and title, which may hold commas."""
    lines = pd.Series(read_text(path, "cp1252").splitlines(), dtype="str")
    return lines.str.split(",", n=2, expand=True).set_axis(["item", "year", "title"], axis=1)
