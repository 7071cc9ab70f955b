"""EASE: the closed-form linear item–item model of Steck (WWW 2019), on graded ratings.

B = I − P·diag(1/P_jj) with P = (XᵀX + Λ)⁻¹; scores are X·B. Graded: ratings 5 and 4 count 1, lower ones less.
"""

import numpy as np
import scipy.sparse as sp
from pydantic import Field

from stages.core.params import Section
from stages.train.fitting.data import TrainingData, graded
from stages.train.fitting.model import Watch
from stages.train.fitting.rescoring import Copies


class Config(Section):
    """Regularisation and grades."""

    l2: float = Field(300.0, gt=0)
    """λ, added to the diagonal of XᵀX."""

    grades: dict[int, float] = Field({5: 1.0, 4: 1.0, 3: 0.5, 2: 0.25, 1: 0.0}, min_length=2)
    """What a rating counts; {5: 1, 4: 1, 3: 0} is the model `easebinary`."""


def item_weights(
    ratings: sp.csr_matrix,
    l2: float,
    growth: float = 0.0,
    features: np.ndarray | None = None,
    turns: sp.csr_matrix | None = None,
) -> np.ndarray:
    """B (items, items) in float32 for X (users, items); Λ_jj = l2 + growth·(XᵀX)_jj.

    growth is what a dropout of X comes to (Steck, Autoencoders that don't overfit, NeurIPS 2020). features F (items,
    columns) are further rows of X (Jeunen et al., RecSys 2020): P = (XᵀX + FFᵀ + Λ)⁻¹. turns S (items, items) is added to
    the products that X is to reproduce, so that B = P(XᵀX + FFᵀ + S) − P·diag(μ), μ such that B_jj = 0. Put in terms of
    P and R = PS that is, off the diagonal, −P_ij/P_jj + R_ij − P_ij R_jj/P_jj.
    """
    gram = (ratings.T @ ratings).toarray().astype(np.float64)
    diagonal = np.diag_indices_from(gram)
    held = l2 + growth * gram[diagonal]
    if features is not None:
        gram += features @ features.T
    gram[diagonal] += held
    inverse = np.linalg.inv(gram)
    weights = inverse / -np.diag(inverse)
    if turns is not None and turns.nnz:
        moved = np.matmul(inverse, turns.toarray(), out=gram)
        weights *= 1 + np.diag(moved)
        weights += moved
    np.fill_diagonal(weights, 0.0)
    return np.asarray(weights, dtype=np.float32)


def balanced(ratings: sp.csr_matrix, balance: float) -> sp.csr_matrix:
    """X (users, items) with rows √w_u · x_u, w_u ∝ n_u^(−balance) for a user's n_u ratings, such that ΣX² stays."""
    if not balance:
        return ratings
    weight = np.maximum(np.diff(ratings.indptr), 1.0) ** -balance
    squares = np.asarray(ratings.power(2).sum(axis=1)).ravel()
    weight *= squares.sum() / max(weight @ squares, 1e-12)
    return sp.csr_matrix(sp.diags(np.sqrt(weight)) @ ratings)


class Ease:
    """Fits in one matrix inversion."""

    form = None

    def __init__(self, config: Config, seed: int) -> None:
        self.config = config
        self.matrix = sp.csr_matrix((0, 0))
        self.item_item = np.zeros((0, 0), dtype=np.float32)

    def fit(self, data: TrainingData, watch: Watch) -> None:
        self.matrix = self._graded(data)
        self.item_item = item_weights(self.matrix, self.config.l2)

    def score(self, users: np.ndarray) -> np.ndarray:
        return np.asarray(self.matrix[users] @ self.item_item)

    def rescore(self, copies: Copies) -> np.ndarray:
        return np.asarray(self._graded(copies.own) @ self.item_item)

    def weights(self) -> dict[str, np.ndarray]:
        return {"item_item": self.item_item}

    def restore(self, weights: dict[str, np.ndarray]) -> None:
        self.item_item = weights["item_item"]

    def _graded(self, data: TrainingData) -> sp.csr_matrix:
        return data.matrix(graded(data.rating, self.config.grades))


MODEL = Ease
