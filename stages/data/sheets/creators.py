"""Whoever made the items: their names, and what the file calls them."""

import re
from collections.abc import Mapping

from stages.data.sheets.columns import USUAL
from stages.data.sheets.lists import is_bracketed, lists
from stages.data.sheets.sheet import Sheet

_WORDS = ("author", "artist", "brand", "director", "developer", "publisher")


def creators(sheet: Sheet) -> list[list[str]]:
    """The names in each cell of the column creators, none without it.

    `Austen, Jane` is one name: commas separate only if a cell of the file has two.
    """
    if "creators" not in sheet.rows:
        return [[] for _ in range(len(sheet.rows))]
    cells = sheet.rows["creators"].str.strip()
    marked = cells.str.contains("[|;]", regex=True) | cells.map(is_bracketed).astype(bool)
    if marked.any() or (cells.str.count(",") > 1).any():
        return lists(sheet, "creators")
    return [[cell] if cell else [] for cell in cells]


def creator_word(items: Sheet, named: Mapping[str, str]) -> str:
    """What the column of creators calls them, such as `author`; empty without such a column."""
    usual = (
        column for name in USUAL["creators"] for column in items.columns if _plain(column) == name
    )
    column = named.get("creators", next(usual, ""))
    return next((word for word in _WORDS if word in _plain(column)), "creator") if column else ""


def _plain(column: str) -> str:
    return re.sub(r"[\W_]", "", column).casefold()
