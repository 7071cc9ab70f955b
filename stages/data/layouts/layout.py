"""What a line of a person's file is, where its content leaves no doubt."""

from typing import Literal

from stages.data.layouts.adjacency import are_lists
from stages.data.layouts.matrix import counts_first
from stages.data.sheets.dialect import lines_of

Layout = Literal["table", "adjacency", "sequence", "matrix"]
"""A table has a rating a line; adjacency and sequence a user a line and then their items, in a
sequence by time; a matrix a user a line and a column per item."""
LISTS: tuple[Layout, ...] = ("adjacency", "sequence")
"""The layouts that hold no ratings."""


def layout_of(text: str) -> Layout:
    """The layout of a file's text; a table unless every line shows another."""
    line = next(filter(str.strip, lines_of(text)), "")
    if are_lists(line, text):
        return "adjacency"
    return "matrix" if counts_first(line, text) else "table"
