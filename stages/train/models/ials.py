"""iALS (Hu, Koren, Volinsky, ICDM 2008): weighted matrix factorisation by the `implicit` library.

Every unrated item is a 0 of weight 1; a rated one is a 1 of weight α · grade. So a grade says how
much evidence a rating is, not how good the item: below 1/α it counts less than no rating at all.
"""

import numpy as np
import scipy.sparse as sp
from implicit.cpu.als import AlternatingLeastSquares
from pydantic import Field
from threadpoolctl import threadpool_limits

from stages.core.params import Section
from stages.core.seeds import generator
from stages.train.fitting.data import TrainingData, grade
from stages.train.fitting.model import ArrayModel, Watch
from stages.train.fitting.rescoring import Copies


class Config(Section):
    """Size, weights and rounds."""

    channels: int = Field(64, ge=1)
    """Width of every vector."""

    alpha: float = Field(4.49, gt=0)
    """Weight of a rating of grade 1."""

    grades: dict[int, float] = Field({5: 1.0, 4: 0.7, 3: 0.3, 2: 0.1, 1: 0.0}, min_length=2)
    """What a rating counts; one of grade 0 counts as unrated."""

    regularization: float = Field(25.3, ge=0)
    """λ, added to the diagonal of each user's and item's system, however many ratings it has."""

    iterations: int = Field(15, ge=1)
    """Rounds; each fits the users, then the items."""


class Ials(ArrayModel):
    """Alternating least squares by conjugate gradients, in one thread so that bytes repeat."""

    arrays = ("users", "items")

    def __init__(self, config: Config, seed: int) -> None:
        self.config, self.seed = config, seed
        self.users = self.items = np.zeros((0, 0), dtype=np.float32)

    def fit(self, data: TrainingData, watch: Watch) -> None:
        with threadpool_limits(1, "blas"):
            als = self._als()
            als.fit(self._grades(data), show_progress=False)
        self.users, self.items = als.user_factors, als.item_factors

    def place_users(self, copies: Copies) -> np.ndarray:
        """One exact round for these users, the items fixed."""
        als = self._als()
        als.item_factors = np.require(self.items, requirements="W")  # as implicit asks for
        with threadpool_limits(1, "blas"):
            users = als.recalculate_user(np.arange(copies.own.n_users), self._grades(copies.own))
        return np.asarray(users @ self.items.T)

    def _als(self) -> AlternatingLeastSquares:
        return AlternatingLeastSquares(
            factors=self.config.channels,
            alpha=self.config.alpha,
            regularization=self.config.regularization,
            iterations=self.config.iterations,
            num_threads=1,
            random_state=generator(self.seed, "ials"),
        )

    def _grades(self, data: TrainingData) -> sp.csr_matrix:
        grades = data.matrix(grade(data.rating, self.config.grades))
        grades.eliminate_zeros()
        return grades

    def score(self, users: np.ndarray) -> np.ndarray:
        return np.asarray(self.users[users] @ self.items.T)


MODEL = Ials
