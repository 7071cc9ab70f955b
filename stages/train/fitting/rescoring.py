"""Scores as the ratings alone give them, had users rated fewer items; what was learned stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from stages.train.fitting.data import TrainingData


@dataclass(frozen=True)
class Copies:
    """Copies of users, each with some of the user's ratings.

    whole: what the model was fitted on. of: (copies,) user rows. own: the copies' ratings, in which
    a user row is a copy.
    """

    whole: TrainingData
    of: np.ndarray
    own: TrainingData


@runtime_checkable
class ScoresFromRatings(Protocol):
    """A model whose scores follow from a user's ratings by what it has learned, without a fit."""

    def score_from_ratings(self, copies: Copies) -> np.ndarray:
        """Scores of all items as the copies' ratings give them, (copies, items).

        A copy with all ratings has the user's own scores, before a model takes anything from them
        that does not depend on what the user rated: of all models only e2ep does, by
        `train.e2ep.later`, from items that arrive after the user's last rating.
        """


def copies_without(whole: TrainingData, of: Sequence[int], removed: Sequence[np.ndarray]) -> Copies:
    """A copy of each user row of `of`, without its ratings of the item rows in `removed`."""
    copies = whole.of_users(np.asarray(of))
    kept = np.ones(len(copies.user), dtype=bool)
    for copy, items in enumerate(removed):
        mine = slice(*np.searchsorted(copies.user, [copy, copy + 1]))
        kept[mine] = ~np.isin(copies.item[mine], items)
    return Copies(whole, np.asarray(of), copies.of_ratings(kept))
