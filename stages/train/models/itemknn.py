"""ItemKNN (Deshpande and Karypis, TOIS 2004): nearest items by likes, with the `implicit` library.

An item's score is the sum of its cosines to those of its k nearest items that the user likes; the
cosine is that of two columns of the user–item matrix of likes.
"""

from warnings import catch_warnings, simplefilter

import numpy as np
import scipy.sparse as sp
from implicit.nearest_neighbours import CosineRecommender
from implicit.utils import ParameterWarning
from pydantic import Field

from stages.contracts.scale import POSITIVE
from stages.core.params import Section
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Watch
from stages.train.fitting.rescoring import Copies


class Config(Section):
    """Neighbours and what counts as a like."""

    k: int = Field(200, ge=1)
    """Neighbours per item."""

    threshold: float = POSITIVE
    """Ratings from this one up are likes."""


class ItemKnn:
    """Fits in one sparse product."""

    form = None

    def __init__(self, config: Config, seed: int) -> None:
        self.config = config
        self.likes = self.similarity = sp.csr_matrix((0, 0))

    def fit(self, data: TrainingData, watch: Watch) -> None:
        self.read_ratings(data)
        knn = CosineRecommender(K=self.config.k, num_threads=1)
        with catch_warnings():
            # The library warns that its own normalised matrix is not in the expected form.
            simplefilter("ignore", ParameterWarning)
            knn.fit(self.likes, show_progress=False)
        self.similarity = sp.csr_matrix(knn.similarity.T)

    def read_ratings(self, data: TrainingData) -> None:
        self.likes = self._likes(data)

    def score(self, users: np.ndarray) -> np.ndarray:
        return (self.likes[users] @ self.similarity).toarray()

    def score_from_ratings(self, copies: Copies) -> np.ndarray:
        return (self._likes(copies.own) @ self.similarity).toarray()

    def weights(self) -> dict[str, np.ndarray]:
        return {name: getattr(self.similarity, name) for name in ("data", "indices", "indptr")}

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        n = len(weights["indptr"]) - 1
        self.similarity = sp.csr_matrix(
            (weights["data"], weights["indices"], weights["indptr"]), shape=(n, n)
        )

    def _likes(self, data: TrainingData) -> sp.csr_matrix:
        likes = data.matrix((data.rating >= self.config.threshold).astype(np.float64))
        likes.eliminate_zeros()
        return likes


MODEL = ItemKnn
