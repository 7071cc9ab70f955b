"""A set of (user, item) pairs that can be queried with whole arrays."""

from dataclasses import dataclass

import numpy as np

from stages.metrics.catalogue import EMPTY


@dataclass(frozen=True)
class Pairs:
    """Sorted keys user_row · n_items + item_row; memory grows with the pairs, not users × items."""

    keys: np.ndarray
    n_items: int

    @classmethod
    def of(cls, users: np.ndarray, items: np.ndarray, n_items: int) -> "Pairs":
        """The pairs (users[i], items[i])."""
        keys = users.astype(np.int64)
        keys *= n_items
        keys += items
        keys.sort()
        twice = keys[1:] == keys[:-1]
        return cls(keys[np.append(True, ~twice)] if twice.any() else keys, n_items)

    def has(self, users: np.ndarray, items: np.ndarray) -> np.ndarray:
        """Whether each pair is in the set, False for EMPTY; `users` and `items` broadcast."""
        keys = users.astype(np.int64) * self.n_items + items
        if not len(self.keys):
            return np.zeros(keys.shape, dtype=bool)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return (self.keys[place] == keys) & (items != EMPTY)

    def in_lists(self, items: np.ndarray, start: int = 0) -> np.ndarray:
        """Whether each item of a user's list is paired with that user.

        (users, k) item rows give (users, k) bool; start: the user row of the first list.
        """
        return self.has(np.arange(start, start + len(items))[:, None], items)
