"""What a model is fitted on: ratings as parallel arrays, the profile embeddings, and facts of the films."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from stages.core.errors import MissingError
from stages.train.facts import Facts


@dataclass(frozen=True)
class TrainingData:
    """Ratings (rows of equal length), unit text vectors (users, 384) and (items, 384), and facts; None where there are none."""

    user: np.ndarray
    item: np.ndarray
    rating: np.ndarray
    n_users: int
    n_items: int
    user_text: np.ndarray | None = None
    item_text: np.ndarray | None = None
    facts: Facts | None = None

    def matrix(self, values: np.ndarray | None = None) -> sp.csr_matrix:
        """Ratings, or other values for them, as a sparse matrix (users, items)."""
        data = self.rating if values is None else values
        return sp.csr_matrix((data, (self.user, self.item)), shape=(self.n_users, self.n_items))


def graded(rating: np.ndarray, grades: dict[int, float]) -> np.ndarray:
    """A confidence for each rating, linear between the grades given for whole ratings."""
    points = sorted(grades)
    return np.interp(rating, points, [grades[point] for point in points]).astype(np.float32)


def required(vectors: np.ndarray | None, model: str, form: str) -> np.ndarray:
    """`vectors`, or a MissingError that says which form of text `model` needs."""
    if vectors is None:
        raise MissingError(f"{model} needs profile embeddings; run `e2ep embed` with {form} in embed.forms")
    return vectors
