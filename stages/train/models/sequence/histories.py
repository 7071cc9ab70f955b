"""What each user rated, in order of time."""

from dataclasses import dataclass

import numpy as np

from stages.contracts.times import needs_order
from stages.core.errors import MissingError
from stages.train.fitting.data import TrainingData
from stages.train.fitting.order import OrderedRatings


@dataclass(frozen=True)
class Histories:
    """Ratings by user, each user's earliest first; none whose time is unknown.

    item, rating: (ratings,). starts: where each user's begin, (users + 1,).
    """

    item: np.ndarray
    rating: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, data: TrainingData, model: str) -> "Histories":
        """Those of all users; if no order is known, a MissingError says that `model` needs one."""
        if data.nth is None:
            raise MissingError(needs_order(model))
        ordered = OrderedRatings.of(data)
        starts = np.searchsorted(ordered.user, np.arange(data.n_users + 1))
        return cls(ordered.item.astype(np.int64), data.rating[ordered.rows], starts)

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
