"""A matrix: a line per user and a column per item, as Jester and spreadsheets have them."""

import io
import re

import numpy as np
import pandas as pd

from stages.data.files.limits import is_too_wide

JESTER_NOTHING = 99.0
"""Jester's mark for a joke without a rating."""
_FEWEST = 5
"""Items of a matrix that is recognised; a table may have fewer columns."""
_NUMBERS = re.compile(r"\s*-?\d+(?:\.\d+)?(?: *[,;\t] *-?\d+(?:\.\d+)?){2,}\s*")
_SEPARATOR = re.compile(r"[,;\t]")


def counts_first(first: str, text: str) -> bool:
    """Whether a text can be nothing else but Jester's.

    Each line begins with the number of its values that are not 99, of which there are some.
    """
    if is_too_wide(len(_SEPARATOR.findall(first))) or not _NUMBERS.fullmatch(first):
        return False
    separator = _SEPARATOR.search(first)
    try:
        values = pd.read_csv(
            io.StringIO(text), sep=separator[0] if separator else ",", header=None, dtype=np.float64
        ).to_numpy()
    except ValueError:
        return False
    rated = values[:, 1:] != JESTER_NOTHING
    return rated.shape[1] >= _FEWEST and not rated.all() and _counts(values[:, 0], rated)


def long_form(matrix: pd.DataFrame, named: bool) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows of user_id, item_id and rating for each cell that is not empty, and their matrix rows.

    named: the first line names the items, and the first column the users. Otherwise users and
    items are numbered from 1, but for a first column of whole numbers that are all different,
    which are the users; one that counts each line's ratings, as Jester's, is left out.
    """
    users, cells = matrix.iloc[:, 0].str.strip(), matrix.iloc[:, 1:]
    items = [str(name) for name in cells.columns]
    values = np.column_stack([cells[name].str.strip().to_numpy(object) for name in cells.columns])
    rated = values != ""
    if not named:
        users, values, rated = _unnamed(users, values, rated)
        items = [str(place) for place in range(1, values.shape[1] + 1)]
    row, column = np.nonzero(rated)
    rows = pd.DataFrame(
        {
            "user_id": pd.Series(users.to_numpy(object)[row], dtype="str"),
            "item_id": pd.Series(np.array(items, dtype=object)[column], dtype="str"),
            "rating": pd.Series(values[row, column], dtype="str"),
        }
    )
    return rows, row


def _unnamed(
    first: pd.Series, values: np.ndarray, rated: np.ndarray
) -> tuple[pd.Series, np.ndarray, np.ndarray]:
    """The users, values and which of these are ratings, by what the first column holds."""
    numbers = pd.to_numeric(pd.Series(values.ravel()), errors="coerce").to_numpy()
    without_99 = rated & (numbers.reshape(values.shape) != JESTER_NOTHING)
    numbered = pd.Series(np.arange(1, len(first) + 1).astype(str))
    if _counts(pd.to_numeric(first, errors="coerce").to_numpy(), without_99):
        return numbered, values, without_99
    if first.is_unique and first.str.isdecimal().all():
        return first, values, rated
    column = first.to_numpy(object)[:, np.newaxis]
    return numbered, np.hstack([column, values]), np.hstack([column != "", rated])


def _counts(first: np.ndarray, rated: np.ndarray) -> bool:
    return np.array_equal(first, rated.sum(axis=1))
