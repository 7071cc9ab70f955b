"""Whoever made the items: their names, and what the file calls them."""

from collections.abc import Mapping

from stages.data.columns.names import plain_name
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


def creator_word(columns: Mapping[str, str]) -> str:
    """What a column of creators calls them, such as `author`; empty without such a column.

    columns: key → the person's column.
    """
    if "creators" not in columns:
        return ""
    called = plain_name(columns["creators"])
    return next((word for word in _WORDS if word in called), "creator")
