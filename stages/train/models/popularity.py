"""Popularity: the number of positive training ratings, the same order for everybody."""

import numpy as np

from stages.contracts.scale import POSITIVE
from stages.core.params import Section
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import ArrayModel, Watch
from stages.train.fitting.rescoring import Copies


class Config(Section):
    """Nothing to set."""


class Popularity(ArrayModel):
    """Score of an item = its count of training ratings ≥ 4."""

    arrays = ("counts",)

    def __init__(self, config: Config, seed: int) -> None:
        self.counts = np.zeros(0, dtype=np.float32)

    def fit(self, data: TrainingData, watch: Watch) -> None:
        liked = data.item[data.rating >= POSITIVE]
        self.counts = np.bincount(liked, minlength=data.n_items).astype(np.float32)

    def score(self, users: np.ndarray) -> np.ndarray:
        return np.tile(self.counts, (len(users), 1))

    def place_users(self, copies: Copies) -> np.ndarray:
        return self.score(copies.of)


MODEL = Popularity
