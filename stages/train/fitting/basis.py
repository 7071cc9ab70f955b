"""What a fit is made on and what its model scores from: in new-users, some users are held out."""

from dataclasses import dataclass

import numpy as np

from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Model, ScoreFunction
from stages.train.fitting.rescoring import Copies, placed_scores


@dataclass(frozen=True)
class Basis:
    """The ratings of one fit.

    fitted: those that the model is fitted on. known: all that users are scored from. placed:
    (users,) bool, users whose scores come from their known ratings alone, as the model was fitted
    without some of these. If nobody is placed, fitted and known are the same.
    """

    fitted: TrainingData
    known: TrainingData
    placed: np.ndarray

    @classmethod
    def without(cls, known: TrainingData, held_out: np.ndarray) -> "Basis":
        """The model is fitted without any rating of these users, (users,) bool."""
        fitted = known.of_ratings(~held_out[known.user]) if held_out.any() else known
        return cls(fitted, known, held_out)

    def scores(self, model: Model, own: ScoreFunction) -> ScoreFunction:
        """Scores of any users; own: the model's for those whom it was fitted on."""
        if not self.placed.any():
            return own

        def score(users: np.ndarray) -> np.ndarray:
            placed = self.placed[users]
            if not placed.any():
                return own(users)
            of = users[placed]
            given = placed_scores(model, Copies(self.fitted, of, self.known.of_users(of)))
            scores = np.empty((len(users), given.shape[1]), dtype=given.dtype)
            scores[placed] = given
            if not placed.all():
                scores[~placed] = own(users[~placed])
            return scores

        return score
