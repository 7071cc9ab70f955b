"""Which films came only after a user's last rating: as far as the ratings tell, he never had a chance to rate them.

On a random fold such films are ranked with the others, and most models recommend them: films from a user's future (Ji,
Sun, Zhang and Li, A critical study on data leakage in recommender system offline evaluation, TOIS 2023). Times are those
of the ratings that a model is fitted on, in seconds.
"""

import numpy as np

from stages.train.fitting.data import TrainingData

NEVER = np.iinfo(np.int64).max


def arrived(data: TrainingData) -> np.ndarray:
    """When each item was first rated, (items,) int64; 0 where no rating or one of unknown time has it: always there."""
    first = np.full(data.n_items, NEVER)
    np.minimum.at(first, data.item, _times(data))
    return np.where(first < NEVER, first, 0)


def left(data: TrainingData) -> np.ndarray:
    """When each user rated for the last time, (users,) int64; after all items where that is not known."""
    last = np.zeros(data.n_users, dtype=np.int64)
    np.maximum.at(last, data.user, _times(data))
    return np.where(last > 0, last, NEVER)


def came_after(data: TrainingData, users: np.ndarray) -> np.ndarray:
    """Whether each item came after these user rows had left, (users, items) bool; never one that the user rated."""
    return np.asarray(arrived(data) > left(data)[users, None])


def _times(data: TrainingData) -> np.ndarray:
    return np.zeros(len(data.user), dtype=np.int64) if data.timestamp is None else data.timestamp
