"""Cosine: the similarity of an item's profile to the mean profile of the items that a user likes.

It knows nothing about other users, so it ranks items that nobody has rated like any other.
"""

import numpy as np

from stages.contracts.scale import POSITIVE
from stages.core.params import Section
from stages.train.fitting.data import TrainingData, required
from stages.train.fitting.model import ArrayModel, Watch
from stages.train.fitting.rescoring import Copies


class Config(Section):
    """What counts as a like."""

    threshold: float = POSITIVE
    """Ratings from this one up are likes."""


class Cosine(ArrayModel):
    """Nothing is learned; a user without a like has score 0 for every item."""

    form = "unified"
    arrays = ("users", "items")

    def __init__(self, config: Config, seed: int) -> None:
        self.config = config
        self.users = self.items = np.zeros((0, 0), dtype=np.float32)

    def fit(self, data: TrainingData, watch: Watch) -> None:
        self.items = _unit(required(data.item_text, "cosine", self.form))
        self.users = self._tastes(data)

    def score(self, users: np.ndarray) -> np.ndarray:
        return np.asarray(self.users[users] @ self.items.T)

    def score_from_ratings(self, copies: Copies) -> np.ndarray:
        return np.asarray(self._tastes(copies.own) @ self.items.T)

    def _tastes(self, data: TrainingData) -> np.ndarray:
        likes = data.matrix((data.rating >= self.config.threshold).astype(np.float32))
        return _unit(np.asarray(likes @ self.items))


def _unit(vectors: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1; rows of zeros stay."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)


MODEL = Cosine
