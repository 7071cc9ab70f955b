"""Ratings in the order in which each user made them, and pairs a number of places apart."""

from dataclasses import dataclass

import numpy as np

from stages.train.fitting.data import TrainingData


@dataclass(frozen=True)
class OrderedRatings:
    """Ratings by user and place in time; one whose time is unknown is not among them.

    rows: (ratings,), where each lies in the data. user, item: (ratings,). later: (ratings,), how
    many of these the user made after each.
    """

    rows: np.ndarray
    user: np.ndarray
    item: np.ndarray
    later: np.ndarray

    @classmethod
    def of(cls, data: TrainingData) -> "OrderedRatings":
        """Those of data whose order is known."""
        assert data.nth is not None
        rows = np.lexsort((data.nth, data.user))
        if data.order is None and data.timestamp is not None:
            rows = rows[data.timestamp[rows] > 0]
        user = data.user[rows]
        ends = np.bincount(user, minlength=data.n_users).cumsum()  # behind each user's last
        return cls(rows, user, data.item[rows], ends[user] - 1 - np.arange(len(rows)))

    def apart(self, places: int) -> tuple[np.ndarray, np.ndarray]:
        """Where ratings stand here, and the same user's so many later: (pairs,) each."""
        earlier = np.flatnonzero(self.later >= places)
        return earlier, earlier + places
