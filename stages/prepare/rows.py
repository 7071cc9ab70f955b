"""From a data set in data/ to the tables movies, users and ratings, with rows for ids."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from stages.core import mapped
from stages.core.groups import place_in_group
from stages.core.ids import row_of
from stages.data.dataset import Dataset
from stages.prepare.many_rows import many_rows
from stages.prepare.scale import on_common_scale


@dataclass(frozen=True)
class Tables:
    """The tables (schemas MOVIES, USERS, RATINGS) and the official test rows, if there are any.

    ratings: with the column `part` too if the data set comes with a split of its own.
    """

    movies: pd.DataFrame
    users: pd.DataFrame
    ratings: pd.DataFrame
    official_tests: dict[str, np.ndarray]


def to_tables(data: Dataset) -> Tables:
    """Number users and items in the natural order of ids; put ratings on the common scale."""
    users_of, items_of = row_of(data.users["user_id"]), row_of(data.movies["movie_id"])
    movies = data.movies.rename(columns={"movie_id": "item_id"})
    movies = movies.assign(item_row=movies["item_id"].map(items_of)).sort_values(
        "item_row", ignore_index=True
    )
    users = data.users.assign(user_row=data.users["user_id"].map(users_of)).sort_values(
        "user_row", ignore_index=True
    )
    if len(data.ratings) >= mapped.LARGE:
        return Tables(movies, users, many_rows(data, users_of, items_of), {})
    ratings = _rows(data.ratings, users_of, items_of).assign(
        rating=on_common_scale(data.ratings["rating"].to_numpy(), *data.scale, data.positive_at),
        timestamp=data.ratings["timestamp"].to_numpy(),
    )
    ratings["nth"] = _order(data, ratings)
    if "part" in data.ratings:
        ratings["part"] = data.ratings["part"].to_numpy()
    tests = {
        name: _rows(rows, users_of, items_of).to_numpy()
        for name, rows in data.official_folds.items()
    }
    return Tables(
        movies, users, ratings.sort_values(["user_row", "item_row"], ignore_index=True), tests
    )


def _order(data: Dataset, ratings: pd.DataFrame) -> np.ndarray:
    """Each rating's place among its user's by time, ties in the file's order; −1 if unknown."""
    if not data.timestamps and not data.ordered:
        return np.full(len(ratings), -1)
    time = ratings["timestamp"].to_numpy() if data.timestamps else np.zeros(len(ratings))
    return place_in_group(ratings["user_row"].to_numpy(), time, np.arange(len(ratings)))


def _rows(frame: pd.DataFrame, users_of: dict[str, int], items_of: dict[str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "user_row": frame["user_id"].map(users_of).to_numpy(),
            "item_row": frame["movie_id"].map(items_of).to_numpy(),
        }
    )
