"""Lists in a cell: `a|b`, or as JSON, Python and NumPy write lists of texts or of named things."""

import ast
import io
import json
import re
import tokenize
from itertools import pairwise

import pandas as pd

from stages.data.sheets.faults import brief
from stages.data.sheets.nothing import is_nothing
from stages.data.sheets.sheet import Sheet

_SEPARATORS = "|;,"
_BARE = re.compile(r"\[([^\[\]{}'\"]*)\]")
_TEXTS = re.compile(r"\[\s*(['\"].*)?\]", re.DOTALL)


def lists(sheet: Sheet, column: str) -> list[list[str]]:
    """The parts of each cell, in order, without those that mean nothing.

    Cells without brackets are separated by the first of `| ; ,` that any of them holds.
    """
    cells = sheet.rows[column].str.strip()
    separated = cells[~cells.map(is_bracketed).astype(bool)]
    used = (mark for mark in _SEPARATORS if separated.str.contains(mark, regex=False).any())
    separator = next(used, "|")
    parts = [bracketed(cell) if is_bracketed(cell) else cell.split(separator) for cell in cells]
    sheet.refuse(
        pd.Series(parts).isna().to_numpy(bool),
        lambda row: (
            f"{not_a_list(column, cells[row])}, or leave the column out: --columns {column}="
        ),
        f"rows have {column} that are no list of names; write them as a|b, or leave the column "
        f"out: --columns {column}=",
    )
    return [[part.strip() for part in some or () if not is_nothing(part)] for some in parts]


def texts_of_lists(cells: pd.Series) -> pd.Series:
    """Cells in which a list of texts becomes its paragraphs; all others as they are."""
    listed = [bracketed(cell) if _TEXTS.fullmatch(cell.strip()) else None for cell in cells]
    pairs = zip(cells, listed, strict=True)
    return pd.Series(
        [cell if parts is None else "\n".join(parts) for cell, parts in pairs], dtype="str"
    )


def is_bracketed(cell: str) -> bool:
    """Whether a cell promises a list or a thing with a name."""
    return cell.lstrip().startswith(("[", "{"))


def not_a_list(column: str, cell: str) -> str:
    """What is wrong with a cell that `bracketed` cannot read."""
    return f"{column} {brief(cell)} is not a list of names; write it as a|b"


def bracketed(cell: str) -> list[str] | None:
    """The names in a list of texts or of things with a name, or the keys of counts, else None."""
    if bare := _BARE.fullmatch(cell.strip()):
        return bare[1].split(",")
    try:
        return _names(json.loads(cell))
    except (ValueError, RecursionError):
        pass
    try:
        side_by_side = _side_by_side(cell)
        return _names(side_by_side or ast.literal_eval(cell.strip()))
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError, tokenize.TokenError):
        return None


def _names(value: object) -> list[str] | None:
    if isinstance(value, dict):
        counts = value and all(isinstance(count, int | float) for count in value.values())
        value = list(value) if counts else [value] if value else []
    if isinstance(value, set):
        value = sorted(value)
    if not isinstance(value, list | tuple):
        return None
    names = [part.get("name") if isinstance(part, dict) else part for part in value]
    texts = [name for name in names if isinstance(name, str)]
    return texts if len(texts) == len(names) else None


def _side_by_side(cell: str) -> list[str]:
    """NumPy's ['a' 'b'], which Python would read as the one text "ab"; empty if it is not that."""
    tokens = [
        token
        for token in tokenize.generate_tokens(io.StringIO(cell.strip()).readline)
        if token.string.strip()
    ]
    texts = [token.string for token in tokens if token.type == tokenize.STRING]
    touching = any(a.type == b.type == tokenize.STRING for a, b in pairwise(tokens))
    if not touching:
        return []
    if len(tokens) != len(texts) + 2 or tokens[0].string != "[":
        raise ValueError("texts without a comma between them")
    return [ast.literal_eval(text) for text in texts]
