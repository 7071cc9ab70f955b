"""The ratings table of a set that may be larger than memory: sorted a range of users at a time."""

import numpy as np
import pandas as pd

from stages.contracts.rows import RATINGS
from stages.core.errors import InputError
from stages.core.groups import place_in_group
from stages.core.log import progress
from stages.core.mapped import MappedColumns, slices
from stages.data.dataset import Dataset
from stages.data.formats.many_ratings import FILE as MANY
from stages.prepare.scale import on_common_scale

RANGE = 1 << 22
"""Ratings of a range of users, about."""
MOST_RANGES = 200
"""A file is open for each."""
_Ids = tuple[list[str], list[str]]
"""Of users and of items, by row."""
_RATING = np.dtype(
    [("user_row", np.int32), ("item_row", np.int32), ("rating", np.float32), ("time", np.int64)]
)


def many_rows(data: Dataset, users_of: dict[str, int], items_of: dict[str, int]) -> pd.DataFrame:
    """The table `ratings` of schema RATINGS, in order of user and item, mapped.

    users_of, items_of: id → row.
    """
    columns = MappedColumns({field.name: field.type.to_pandas_dtype() for field in RATINGS})
    ids = list(users_of), list(items_of)
    ranges = _by_range(data, users_of, items_of)
    for rows in progress(ranges, "prepare: ranges of users", len(ranges)):
        columns.append(_sorted(rows.arrays()["rating"], data, ids))
    return pd.DataFrame(columns.arrays(), copy=False)


def _by_range(
    data: Dataset, users_of: dict[str, int], items_of: dict[str, int]
) -> list[MappedColumns]:
    """The ratings by range of users, in the file's order within each."""
    ratings = data.ratings
    users, items = (
        _Rows(ratings[name], rows) for name, rows in (("user_id", users_of), ("movie_id", items_of))
    )
    counts = np.zeros(len(users_of), dtype=np.int64)
    for part in slices(len(ratings)):
        counts += np.bincount(users.of(part), minlength=len(counts))
    size = max(RANGE, -(-len(ratings) // MOST_RANGES))
    range_of = (np.cumsum(counts) - counts) // size  # (users,)
    parts = [MappedColumns({"rating": _RATING}) for _ in range(int(range_of.max(initial=0)) + 1)]
    for part in progress(list(slices(len(ratings))), "prepare: blocks of ratings"):
        rows = np.empty(part.stop - part.start, dtype=_RATING)
        rows["user_row"], rows["item_row"] = users.of(part), items.of(part)
        for name, column in (("rating", "rating"), ("time", "timestamp")):
            rows[name] = ratings[column].to_numpy()[part]
        own = range_of[rows["user_row"]]
        for number in np.unique(own):
            parts[number].append({"rating": rows[own == number]})
    return parts


class _Rows:
    """The rows of a column of ids."""

    def __init__(self, ids: pd.Series, rows: dict[str, int]) -> None:
        categorical = ids.astype("category").cat
        self.codes = categorical.codes.to_numpy()
        self.rows = np.array([rows[one] for one in categorical.categories], dtype=np.int32)

    def of(self, part: slice) -> np.ndarray:
        return self.rows[self.codes[part]]


def _sorted(rows: np.ndarray, data: Dataset, ids: _Ids) -> dict[str, np.ndarray]:
    """Columns of RATINGS; rows: those of a range, in the file's order."""
    nth = np.full(len(rows), -1)
    if data.timestamps or data.ordered:
        time = rows["time"] if data.timestamps else np.zeros(len(rows))
        nth = place_in_group(rows["user_row"], time, np.arange(len(rows)))
    order = np.lexsort((rows["item_row"], rows["user_row"]))
    rows, nth = rows[order], nth[order]
    same = (np.diff(rows["user_row"]) == 0) & (np.diff(rows["item_row"]) == 0)
    if same.any():
        user, item, *_ = rows[int(same.argmax())]
        raise InputError(
            f"user {ids[0][user]!r} has rated item {ids[1][item]!r} twice; keep one rating of each "
            f"item in {MANY}"
        )
    return {
        "user_row": rows["user_row"],
        "item_row": rows["item_row"],
        "rating": on_common_scale(rows["rating"], *data.scale, data.positive_at),
        "timestamp": rows["time"],
        "nth": nth,
    }
