"""What people liked together in training: evidence that needs neither genres nor text."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import scipy.sparse as sp

from stages.contracts.rows import RATINGS
from stages.contracts.scale import POSITIVE
from stages.core.tables import read_arrow

LEAST = 3
"""People who must have liked two items for the one to speak for the other."""


@dataclass(frozen=True)
class Together:
    """Who liked what in training: sparse (users, items), 1 where a rating counts as liked."""

    liked: sp.csr_matrix
    _rows: dict[int, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict, repr=False)
    """Item row → the items that at least LEAST people liked with it, ascending, and how many."""

    def history(self, user: int) -> np.ndarray:
        """The item rows that a user liked in training, ascending."""
        return self.liked.indices[self.liked.indptr[user] : self.liked.indptr[user + 1]]

    def counts(self, item: int, others: Iterable[int]) -> np.ndarray:
        """How many people liked an item and each of the others; 0 for fewer than LEAST."""
        rows, counts = self._with(item)
        asked = np.asarray(list(others), dtype=np.int64)
        if not len(rows):
            return np.zeros(len(asked), dtype=np.int64)
        at = np.minimum(np.searchsorted(rows, asked), len(rows) - 1)
        return np.where(rows[at] == asked, counts[at], 0)

    def evidence(self, item: int, history: Iterable[int], most: int = 2) -> list[tuple[int, int]]:
        """The items of a history that best speak for an item, each with how many liked both.

        Only those that more people liked with it than chance would have, c·U > nᵢ·nⱼ; by cosine,
        c / √(nᵢ·nⱼ), then by row.
        """
        mine = np.asarray(list(history), dtype=np.int64)
        both, often = self.counts(item, mine), self._often
        by_chance = often[mine] * often[item]
        mine, both, by_chance = (
            part[both * self._people > by_chance] for part in (mine, both, by_chance)
        )
        best = np.lexsort((mine, -both / np.sqrt(by_chance)))[:most]
        return [(int(mine[at]), int(both[at])) for at in best]

    def holds(self, item: int, cited: Iterable[int], history: Iterable[int]) -> bool:
        """Whether all that is cited is in the history, and liked with the item by enough people."""
        named = np.asarray(list(cited), dtype=np.int64)
        own = np.isin(named, np.asarray(list(history), dtype=np.int64))
        return len(named) > 0 and bool(own.all()) and bool(self.counts(item, named).all())

    def _with(self, item: int) -> tuple[np.ndarray, np.ndarray]:
        if item not in self._rows:
            first, last = self._by_item.indptr[item : item + 2]
            people = self._by_item.indices[first:last]
            counts = np.asarray(self.liked[people].sum(axis=0), dtype=np.int64).ravel()  # (items,)
            counts[item] = 0
            rows = np.flatnonzero(counts >= LEAST)
            self._rows[item] = rows, counts[rows]
        return self._rows[item]

    @cached_property
    def _by_item(self) -> sp.csc_matrix:
        return self.liked.tocsc()

    @cached_property
    def _often(self) -> np.ndarray:
        """How many people liked each item, (items,)."""
        return np.bincount(self.liked.indices, minlength=self.liked.shape[1])

    @cached_property
    def _people(self) -> int:
        return int((np.diff(self.liked.indptr) > 0).sum())


def liked_together(
    users: np.ndarray, items: np.ndarray, ratings: np.ndarray, n_users: int, n_items: int
) -> Together:
    """From training rows: their users, items and ratings, (rows,) each."""
    liked = ratings >= POSITIVE
    ones = np.ones(int(liked.sum()), dtype=np.int32)
    matrix = sp.csr_matrix((ones, (users[liked], items[liked])), (n_users, n_items))
    matrix.sort_indices()
    return Together(matrix)


def together_in(train: Path, n_users: int, n_items: int) -> Together:
    """From a split's training rows in a file."""
    table = read_arrow(train, RATINGS)
    # By DLPack, since `to_numpy` loads pandas, for which a command would wait a second.
    users, items, ratings = (
        np.from_dlpack(table[name].combine_chunks()) for name in ("user_row", "item_row", "rating")
    )
    return liked_together(users, items, ratings, n_users, n_items)
