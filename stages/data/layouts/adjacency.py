"""Lists of items: a line is a user, then the items that they used, as graph papers publish."""

import re
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.data.sheets.dialect import lines_of

_IDS = re.compile(r"\s*\d+(?: \d+)*\s*")


def are_lists(first: str, text: str) -> bool:
    """Whether a text can be nothing else: whole numbers between blanks, a line per user.

    Not all lines are equally long, as those of a table are.
    """
    if not _IDS.fullmatch(first):
        return False
    lines = [line for line in lines_of(text) if line.strip()]
    if not all(map(_IDS.fullmatch, lines)):
        return False
    widths = {line.strip().count(" ") for line in lines}
    return len(widths) > 1 and len({line.split(maxsplit=1)[0] for line in lines}) == len(lines)


def item_lists(path: Path, text: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows of user_id and item_id in the order of the file, and the line of each.

    White space and commas separate ids; a user without items gives no row.
    """
    users: list[str] = []
    lists: list[list[str]] = []
    lines: list[int] = []
    for number, line in enumerate(lines_of(text), 1):
        if ids := line.replace(",", " ").split():
            users.append(ids[0])
            lists.append(ids[1:])
            lines.append(number)
    _refuse_second_line(path, users, lines)
    counts = [len(items) for items in lists]
    if not any(counts):
        raise InputError(f"{path}: no line has an item after its user; give a file with data")
    items = chain.from_iterable(lists)
    rows = pd.DataFrame(
        {
            "user_id": pd.Series(users, dtype="str").repeat(counts).reset_index(drop=True),
            "item_id": pd.Series(list(items), dtype="str"),
        }
    )
    return rows, np.repeat(lines, counts)


def _refuse_second_line(path: Path, users: list[str], lines: list[int]) -> None:
    """A user with two lines shows that the file is a table, or that its lists were cut."""
    first: dict[str, int] = {}
    for user, line in zip(users, lines, strict=True):
        if first.setdefault(user, line) != line:
            raise InputError(
                f"{path}, line {line}: user {user} has line {first[user]} already, but lists of "
                "items have a line per user; join the two, or import with --form table"
            )
