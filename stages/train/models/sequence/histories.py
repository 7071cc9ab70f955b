"""What each user rated, in order of time."""

from dataclasses import dataclass

import numpy as np

from stages.contracts.times import needs_order
from stages.core.errors import MissingError
from stages.train.fitting.data import TrainingData


@dataclass(frozen=True)
class Histories:
    """Ratings by user, each user's earliest first.

    item, rating: (ratings,). starts: where each user's begin, (users + 1,).
    """

    item: np.ndarray
    rating: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, data: TrainingData, model: str) -> "Histories":
        """Those of all users; if no order is known, a MissingError says that `model` needs one."""
        if data.timestamp is None and data.order is None:
            raise MissingError(needs_order(model))
        by_time = np.lexsort((*_keys(data), data.user))
        starts = np.searchsorted(data.user[by_time], np.arange(data.n_users + 1))
        return cls(data.item[by_time].astype(np.int64), data.rating[by_time], starts)

    @property
    def lengths(self) -> np.ndarray:
        """Ratings per user, (users,)."""
        return np.diff(self.starts)

    def latest(self, users: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
        """Each user's latest ratings, the last one first: places in `item`, and which there are.

        Both are (users, most); where a user has fewer, the place is 0 and the other False.
        """
        places = self.starts[1:][users, None] - 1 - np.arange(most)
        known = places >= self.starts[:-1][users, None]
        return np.where(known, places, 0), known


def _keys(data: TrainingData) -> tuple[np.ndarray, ...]:
    """Sorting keys of the ratings, the last one foremost.

    Unknown times (0) come last. Ratings of a user at the same time are in an order that is drawn
    from item and time, so that it stays when other ratings are left out.
    """
    if data.timestamp is None:
        assert data.order is not None
        return (data.order,)
    times = data.timestamp.astype(np.uint64)
    drawn = (data.item.astype(np.uint64) << np.uint64(32)) ^ times
    for _ in range(2):  # Two rounds of Marsaglia's xorshift and a multiplication mix all bits.
        drawn ^= drawn >> np.uint64(29)
        drawn *= np.uint64(0xBF58476D1CE4E5B9)
    known = np.where(data.timestamp > 0, data.timestamp, np.iinfo(np.int64).max)
    return drawn ^ (drawn >> np.uint64(32)), known
