"""EASE: the closed-form linear item–item model of Steck (WWW 2019), on grades.

    B = I − P·diag(1/P_jj)        P = (XᵀX + λI)⁻¹        scores X·B

X (users, items) holds what ratings count: 1 for 5 and 4, less for lower ones. The
other settings are told in stages/linear/regression.py.
"""

import numpy as np
import scipy.sparse as sp
from pydantic import Field

from stages.contracts.fits import Growth
from stages.core.params import Section
from stages.linear.inverse import MOST_ITEMS
from stages.linear.kept import Weights, as_arrays, from_arrays, kept_columns, weighed
from stages.linear.regression import balanced, linear_weights
from stages.train.fitting.data import TrainingData, grade
from stages.train.fitting.model import Watch
from stages.train.fitting.rescoring import Copies


class Config(Section):
    """Regularisation and grades."""

    l2: float = Field(300.0, gt=0)
    """λ, added to the diagonal of XᵀX."""

    grades: dict[int, float] = Field({5: 1.0, 4: 1.0, 3: 0.5, 2: 0.25, 1: 0.0}, min_length=2)
    """What a rating counts; {5: 1, 4: 1, 3: 0} is the model `easebinary`."""

    growth: float = Field(0.0, ge=0)
    """How much each rating of an item adds to its λ."""

    balance: float = Field(0.0, ge=0, le=1)
    """How equally its fit counts users: one with n ratings counts as n^(1 − balance)."""

    degree: float = Field(0.0, ge=0, le=1)
    """g: the λ of an item with n ratings is λ·n^g."""

    discount: float = Field(0.0, ge=0, le=1)
    """c: the weights of an item with n ratings are divided by n^c: popularity counts less."""

    most_items: int = Field(MOST_ITEMS, ge=1)
    """With more items than this, each is regressed on its nearest alone."""


class Ease:
    """Fits in one matrix inversion."""

    form: str | None = None

    def __init__(self, config: Config, seed: int) -> None:
        self.config = config
        # A, then P and B in its place, at most in float64, and B in float32
        self.growth = Growth(time="items", pair_bytes=12, most_items=config.most_items)
        self.matrix = sp.csr_matrix((0, 0))
        self.item_item: Weights = np.zeros((0, 0), dtype=np.float32)

    def fit(self, data: TrainingData, watch: Watch) -> None:
        self.read_ratings(data)
        config = self.config
        self.item_item = linear_weights(
            balanced(self.matrix, config.balance),
            config.l2,
            config.growth,
            most_items=config.most_items,
            degree=config.degree,
            discount=config.discount,
        )

    def read_ratings(self, data: TrainingData) -> None:
        self.matrix = self._grades(data)

    def score(self, users: np.ndarray) -> np.ndarray:
        return weighed(self.matrix[users], self.item_item)

    def score_from_ratings(self, copies: Copies) -> np.ndarray:
        return weighed(self._grades(copies.own), self.item_item)

    def weights(self) -> dict[str, np.ndarray]:
        return as_arrays("item_item", self.item_item)

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        values, columns = weights["item_item"], weights[kept_columns("item_item")]
        self.item_item = from_arrays(values, columns, len(values))

    def _grades(self, data: TrainingData) -> sp.csr_matrix:
        return data.matrix(grade(data.rating, self.config.grades))


MODEL = Ease
