"""Scores as if users had rated fewer items, with what was learned unchanged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from stages.train.fitting.data import TrainingData


@dataclass(frozen=True)
class Copies:
    """Copies of users, each with some of the user's ratings.

    whole: what the model was fitted on, where held-out users have no rating. of: (copies,) user
    rows. own: the copies' ratings, with one user row per copy.
    """

    whole: TrainingData
    of: np.ndarray
    own: TrainingData


@runtime_checkable
class ScoresFromRatings(Protocol):
    """A model that scores users from their ratings and what it has learned, without refitting."""

    def score_from_ratings(self, copies: Copies) -> np.ndarray:
        """Scores of all items as the copies' ratings give them, (copies, items).

        A copy with all ratings has the user's own scores, before any penalty that does not depend
        on what the user rated. Only e2ep has one: `train.e2ep.later`, on items that arrive after
        the user's last rating.
        """


@runtime_checkable
class PlacesUsers(Protocol):
    """A model without `score_from_ratings` that can still score users it was not fitted on."""

    def place_users(self, copies: Copies) -> np.ndarray:
        """Scores of all items, (copies, items); those of a fitted user need not be their own."""


def scores_anybody(model: object) -> bool:
    """Whether a model, or a class of models, scores users whom it was not fitted on."""
    return isinstance(model, ScoresFromRatings | PlacesUsers)


def placed_scores(model: object, copies: Copies) -> np.ndarray:
    """Scores of all items for copies of users whom the model may not have been fitted on."""
    if isinstance(model, ScoresFromRatings):
        return model.score_from_ratings(copies)
    assert isinstance(model, PlacesUsers)
    return model.place_users(copies)


def copies_without(
    whole: TrainingData,
    of: Sequence[int],
    removed: Sequence[np.ndarray],
    known: TrainingData | None = None,
) -> Copies:
    """A copy of each user row in `of`, without its ratings of the item rows in `removed`.

    known: the users' ratings, if not all of them are in `whole`.
    """
    copies = (known or whole).of_users(np.asarray(of))
    kept = np.ones(len(copies.user), dtype=bool)
    for copy, items in enumerate(removed):
        mine = slice(*np.searchsorted(copies.user, [copy, copy + 1]))
        kept[mine] = ~np.isin(copies.item[mine], items)
    return Copies(whole, np.asarray(of), copies.of_ratings(kept))
