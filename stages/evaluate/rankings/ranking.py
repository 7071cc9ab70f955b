"""A ranking is a matrix (users, depth) of item rows, best first, EMPTY where a list is shorter."""

import numpy as np

from stages.core.groups import place_in_group
from stages.metrics.catalogue import EMPTY


def to_ranking(
    users: np.ndarray, items: np.ndarray, places: np.ndarray, n_users: int
) -> np.ndarray:
    """Rows (user_row, item_row, place) in any order as a ranking, (n_users, longest list)."""
    column = place_in_group(users, places, items)
    ranking = np.full((n_users, column.max(initial=-1) + 1), EMPTY, dtype=np.int32)
    ranking[users, column] = items
    return ranking


def keep(ranking: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """The ranking without the places where `kept` is False; later ones move up."""
    order = np.argsort(~kept, axis=1, kind="stable")
    moved = np.take_along_axis(np.where(kept, ranking, EMPTY), order, axis=1)
    return moved[:, : kept.sum(axis=1).max(initial=0)]


def first(ranking: np.ndarray, k: int) -> np.ndarray:
    """Exactly k columns: cut, or filled up with EMPTY."""
    missing = max(k - ranking.shape[1], 0)
    return np.pad(ranking[:, :k], ((0, 0), (0, missing)), constant_values=EMPTY)
