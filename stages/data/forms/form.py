"""Which form a person's file has, where its content leaves no doubt."""

from typing import Literal, get_args

from stages.data.forms.adjacency import are_lists
from stages.data.forms.matrix import counts_first
from stages.data.sheets.dialect import lines_of

FileForm = Literal["table", "adjacency", "sequence", "matrix"]
"""A table has a rating a line; adjacency and sequence a user a line and then their items, in a
sequence by time; a matrix a user a line and a column per item."""
FORMS: tuple[FileForm, ...] = get_args(FileForm)
LISTS: tuple[FileForm, ...] = ("adjacency", "sequence")
"""The forms that hold no ratings."""


def form_of(text: str) -> FileForm:
    """The form of a file's text; a table unless every line shows another."""
    line = next(filter(str.strip, lines_of(text)), "")
    if are_lists(line, text):
        return "adjacency"
    return "matrix" if counts_first(line, text) else "table"
