"""A split of a run as what lists are scored against, with outside ids."""

from pathlib import Path

import numpy as np
import pandas as pd

from stages.contracts.card import read_card
from stages.contracts.rows import MOVIES, RATINGS, USERS
from stages.contracts.splits import family_of
from stages.core.tables import read_arrow, read_table
from stages.evaluate.score.lists import RatedSplit


def part_of(prepared: Path, split: str, *parts: str) -> pd.DataFrame:
    """The ratings of parts of a split, with outside ids: user_id, movie_id, rating from 1 to 5."""
    users, items = outside_ids(prepared)
    folder = prepared / "splits" / split
    rows = pd.concat([read_table(folder / f"{part}.parquet", RATINGS) for part in parts])
    return pd.DataFrame(
        {
            "user_id": users[rows["user_row"]],
            "movie_id": items[rows["item_row"]],
            "rating": rows["rating"].to_numpy(),
        }
    )


def outside_ids(prepared: Path) -> tuple[np.ndarray, np.ndarray]:
    """The ids of users and items by row."""
    users, items = (
        np.array(read_arrow(prepared / name, schema).sort_by(row)[key].to_pylist(), dtype=object)
        for name, schema, row, key in (
            ("users.parquet", USERS, "user_row", "user_id"),
            ("movies.parquet", MOVIES, "item_row", "item_id"),
        )
    )
    return users, items


def read_split(prepared: Path, split: str) -> RatedSplit:
    """The split's test ratings, and train and valid as training; prepared: what prepare wrote."""
    users, items = outside_ids(prepared)
    return RatedSplit(
        part_of(prepared, split, "test"),
        part_of(prepared, split, "train", "valid"),
        (f"the test ratings of {split}", "its training ratings"),
        frozenset(users),
        frozenset(items),
        only_held_out=family_of(split) == "cold-items",
        own_positive_at=read_card(prepared / "card.json").positive_at,
    )
