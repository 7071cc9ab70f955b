"""Which items arrive after a user's last rating, so that the user never had a chance to rate them.

On a random fold such items are ranked with the others, and most models recommend them: items from a
user's future (Ji, Sun, Zhang and Li, A critical study on data leakage in recommender system offline
evaluation, TOIS 2023). Times are those of the ratings that a model is fitted on, in seconds.
"""

import numpy as np

from stages.train.fitting.data import TrainingData

NEVER = np.iinfo(np.int64).max


def arrivals(data: TrainingData) -> np.ndarray:
    """When each item was first rated, (items,) int64.

    It is 0 (always there) for an item without ratings, or with one at an unknown time.
    """
    first = np.full(data.n_items, NEVER)
    np.minimum.at(first, data.item, _times(data))
    return np.where(first < NEVER, first, 0)


def last_ratings(data: TrainingData) -> np.ndarray:
    """When each user rated for the last time, (users,) int64; NEVER if that is unknown."""
    last = np.zeros(data.n_users, dtype=np.int64)
    np.maximum.at(last, data.user, _times(data))
    return np.where(last > 0, last, NEVER)


def not_arrived(data: TrainingData, users: np.ndarray) -> np.ndarray:
    """Whether each item arrives after the last rating of these user rows, (users, items) bool.

    An item that the user rated never does.
    """
    return np.asarray(arrivals(data) > last_ratings(data)[users, None])


def _times(data: TrainingData) -> np.ndarray:
    return np.zeros(len(data.user), dtype=np.int64) if data.timestamp is None else data.timestamp
