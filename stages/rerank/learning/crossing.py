"""Fits crossed over users, so that nobody's validation rows have a say in their own ranking."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from stages.core.groups import place_in_group
from stages.metrics.ndcg import ndcg
from stages.metrics.preference import first_or_better
from stages.rerank.learning.ranker import DEPTH, PairsOfRows, weights_of_pairs

ONE, MANY = 1.0, 0.25
"""ω of a correction by one feature, and by many, which fit chance as well."""


@dataclass(frozen=True)
class Choice:
    """The feature columns of a ranker, and how much its correction of the base's score counts."""

    columns: tuple[int, ...] = ()
    weight: float = 0.0


@dataclass
class CrossedFits:
    """Rankers fitted on validation rows without the users of one or two folds.

    features: (rows, columns), the base's score first; user, place, relevant: (rows,); likes:
    (users,) relevant items of each, in the pool or not; fold: (users,); learners: (users,) bool,
    whose pairs are used; sets: the columns that are tried together.
    """

    features: np.ndarray
    user: np.ndarray
    place: np.ndarray
    relevant: np.ndarray
    likes: np.ndarray
    fold: np.ndarray
    learners: np.ndarray
    pairs: PairsOfRows
    sets: Sequence[tuple[int, ...]]
    fits: dict[tuple[tuple[int, ...], frozenset[int]], np.ndarray] = field(default_factory=dict)

    def correction(self, choice: Choice, without: frozenset[int]) -> np.ndarray:
        """Weights (columns,) fitted without these folds, 0 for columns that are not chosen."""
        if not choice.weight:
            return np.zeros(self.features.shape[1])
        key = choice.columns, without
        if key not in self.fits:
            columns = [0, *choice.columns]
            users = self.learners & ~np.isin(self.fold, list(without))
            self.fits[key] = np.zeros(self.features.shape[1])
            self.fits[key][columns] = weights_of_pairs(self.features[:, columns], self.pairs, users)
        return choice.weight * self.fits[key]

    def scores(self, choice: Choice, without: int) -> np.ndarray:
        """(rows,) of everybody outside fold `without`, by rankers that know neither it nor them."""
        scores = self.features[:, 0].copy()
        for fold in range(int(self.fold.max()) + 1) if choice.weight else ():
            rows = self.fold[self.user] == fold
            weights = self.correction(choice, frozenset({fold, without}))
            scores[rows] += self.features[rows] @ weights
        return scores

    def choice(self, without: int) -> Choice:
        """The choice that is best for the users outside a fold: the base if none clearly beats it.

        Simpler ones come first, and the first of those that are equally good is taken.
        """
        asked = (self.likes > 0) & (self.fold != without)

        def judged(choice: Choice) -> np.ndarray:
            return self.ndcg(self.scores(choice, without))[asked]

        tried = (Choice(columns, MANY if len(columns) > 1 else ONE) for columns in self.sets)
        return first_or_better([Choice(), *tried], judged)

    def ndcg(self, scores: np.ndarray) -> np.ndarray:
        """NDCG@10 of each user's pool by score, (users,)."""
        places = place_in_group(self.user, -scores, self.place)
        hit = self.relevant & (places < DEPTH)
        hits = np.zeros((len(self.likes), DEPTH), dtype=bool)
        hits[self.user[hit], places[hit]] = True
        return ndcg(hits, self.likes)
