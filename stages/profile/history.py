"""Which training ratings a user's profile is made from: the most liked and the most disliked."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stages.contracts.scale import NEGATIVE, POSITIVE
from stages.core.groups import runs

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class History:
    """Item rows of one user, in the order in which the films are shown."""

    liked: tuple[int, ...]
    disliked: tuple[int, ...]


def histories(train: "pd.DataFrame", liked: int, disliked: int) -> dict[int, History]:
    """By user row: the best liked (≥ 4) and the most disliked (≤ 2); ties go to the most recent."""
    best = _first(train[train["rating"] >= POSITIVE], liked, best_first=True)
    worst = _first(train[train["rating"] <= NEGATIVE], disliked, best_first=False)
    return {
        user: History(best.get(user, ()), worst.get(user, ())) for user in sorted({*best, *worst})
    }


def _first(rows: "pd.DataFrame", most: int, best_first: bool) -> dict[int, tuple[int, ...]]:
    ordered = rows.sort_values(
        ["user_row", "rating", "timestamp", "item_row"],
        ascending=[True, not best_first, False, True],
    )
    chosen = ordered.groupby("user_row", sort=True).head(most)
    items = chosen["item_row"].to_numpy()
    return {user: tuple(items[rows].tolist()) for user, rows in runs(chosen["user_row"].to_numpy())}
