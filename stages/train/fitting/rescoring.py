"""Scores as they would be had a user rated fewer films, with what was learned left as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from stages.train.fitting.data import TrainingData


@dataclass(frozen=True)
class Copies:
    """Copies of users, each with some of the user's ratings.

    whole: what the model was fitted on. of: (copies,) user rows. own: the copies' ratings, a user there being a copy.
    """

    whole: TrainingData
    of: np.ndarray
    own: TrainingData


@runtime_checkable
class Rescores(Protocol):
    """A model whose scores follow from the user's ratings by what it has learned, without another fit."""

    def rescore(self, copies: Copies) -> np.ndarray:
        """Scores of all items, (copies, items); a copy with all ratings has the user's own scores."""


def copies_without(whole: TrainingData, of: Sequence[int], removed: Sequence[np.ndarray]) -> Copies:
    """A copy of each user row of `of` without the ratings of the item rows that stand at its place in `removed`."""
    copies = whole.of_users(np.asarray(of))
    kept = np.ones(len(copies.user), dtype=bool)
    for copy, items in enumerate(removed):
        mine = slice(*np.searchsorted(copies.user, [copy, copy + 1]))
        kept[mine] = ~np.isin(copies.item[mine], items)
    return Copies(whole, np.asarray(of), copies.of_ratings(kept))
