"""Tags that users gave to items, as MovieLens has them in tags.csv or tags.dat, as keywords."""

from pathlib import Path

import pandas as pd

from stages.data.sheets.dialect import Dialect
from stages.data.sheets.sheet import Sheet, read_sheet
from stages.data.sheets.values import require_columns
from stages.enrich.text import clean_text

LEAST_USERS = 2
"""A tag counts for an item once so many users gave it: one alone may mean a note to themselves."""
MOST_KEYWORDS = 10
_LONGEST = 50
_COLUMNS = {"userId": "user_id", "movieId": "movie_id", "tag": "tag"}
_DAT = Dialect("::", (*_COLUMNS, "timestamp"), quoted=False)


def read_tags(folder: Path) -> dict[str, list[str]]:
    """The tags of each item by its id, those that most users gave first; none without such a file.

    Upper and lower case count as one. A tag belongs to the item and to nobody, whoever gave it.
    """
    sheet = _sheet(folder)
    if sheet is None:
        return {}
    rows = sheet.rows
    distinct = rows["tag"].unique()
    cleaned = {tag: (clean_text(tag) or "").casefold() for tag in distinct}
    rows = rows.assign(tag=rows["tag"].map(cleaned)).drop_duplicates()
    rows = rows[rows["tag"].str.len().between(1, _LONGEST)]
    given = rows.groupby(["movie_id", "tag"], sort=True).size().rename("users").reset_index()
    given = given[given["users"] >= LEAST_USERS]
    given = given.sort_values(["movie_id", "users", "tag"], ascending=[True, False, True])
    most = given.groupby("movie_id", sort=False).head(MOST_KEYWORDS)
    return {str(item): rows["tag"].tolist() for item, rows in most.groupby("movie_id")}


def with_tags(enriched: pd.DataFrame, tags: dict[str, list[str]]) -> pd.DataFrame:
    """The enriched rows with the tags of each item behind its keywords, none of them twice."""
    keywords = [
        [*known, *_others(tags.get(item, []), known)]
        for known, item in zip(enriched["keywords"], enriched["item_id"], strict=True)
    ]
    return enriched.assign(keywords=pd.Series(keywords, index=enriched.index, dtype=object))


def _others(tags: list[str], known: list[str]) -> list[str]:
    there = {word.casefold() for word in known}
    return [tag for tag in tags if tag not in there]


def _sheet(folder: Path) -> Sheet | None:
    if (folder / "tags.csv").is_file():
        sheet = read_sheet(folder / "tags.csv", may_be_empty=True)
        require_columns(sheet, *_COLUMNS)
    elif (folder / "tags.dat").is_file():
        sheet = read_sheet(folder / "tags.dat", _DAT, may_be_empty=True)
    else:
        return None
    return sheet.renamed(_COLUMNS)
