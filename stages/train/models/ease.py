"""EASE: the closed-form linear item–item model of Steck (WWW 2019), on grades.

    B = I − P·diag(1/P_jj)        P = (XᵀX + λI)⁻¹        scores X·B

X (users, items) holds what ratings count: 1 for 5 and 4, less for lower ones.
"""

import numpy as np
import scipy.sparse as sp
from pydantic import Field

from stages.contracts.fits import Growth
from stages.core.params import Section
from stages.train.fitting.data import TrainingData, grade
from stages.train.fitting.inverse import inverted, products, regressions
from stages.train.fitting.model import ArrayModel, Watch
from stages.train.fitting.rescoring import Copies


class Config(Section):
    """Regularisation and grades."""

    l2: float = Field(300.0, gt=0)
    """λ, added to the diagonal of XᵀX."""

    grades: dict[int, float] = Field({5: 1.0, 4: 1.0, 3: 0.5, 2: 0.25, 1: 0.0}, min_length=2)
    """What a rating counts; {5: 1, 4: 1, 3: 0} is the model `easebinary`."""


def item_weights(ratings: sp.csr_matrix, l2: float) -> np.ndarray:
    """B (items, items) in float32 for X (users, items)."""
    return regressions(inverted(products(ratings, l2)))


class Ease(ArrayModel):
    """Fits in one matrix inversion."""

    arrays = ("item_item",)
    growth = Growth(time="items", pair_bytes=16)
    """A, then P and B in its place, at most in float64, and B in float32, twice."""

    def __init__(self, config: Config, seed: int) -> None:
        self.config = config
        self.matrix = sp.csr_matrix((0, 0))
        self.item_item = np.zeros((0, 0), dtype=np.float32)

    def fit(self, data: TrainingData, watch: Watch) -> None:
        self.read_ratings(data)
        self.item_item = item_weights(self.matrix, self.config.l2)

    def read_ratings(self, data: TrainingData) -> None:
        self.matrix = self._grades(data)

    def score(self, users: np.ndarray) -> np.ndarray:
        return np.asarray(self.matrix[users] @ self.item_item)

    def score_from_ratings(self, copies: Copies) -> np.ndarray:
        return np.asarray(self._grades(copies.own) @ self.item_item)

    def _grades(self, data: TrainingData) -> sp.csr_matrix:
        return data.matrix(grade(data.rating, self.config.grades))


MODEL = Ease
