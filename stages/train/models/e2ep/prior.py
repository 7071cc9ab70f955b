"""What a person is likely to like before he has rated anything: what people of like age and gender like.

An item's share of all likes, p_i, is a user's logit of it, changed by how much more often each of his traits likes it:

    prior_ui = log(1 + likes_i) + Σ_t a_ut log((likes_ti + m) / (likes_t p_i + m))

a_ut is the user's share of trait t, likes_ti the likes of item i weighted by it, m a number of likes that holds small
groups to the whole. An item without a rating takes its log(1 + likes) from a ridge regression on its features.
"""

from dataclasses import dataclass

import numpy as np

from stages.contracts.rows import POSITIVE
from stages.train.fitting.data import TrainingData

HELD = 5.0
"""m."""
RIDGE = 5.0
"""λ of the regression of log(1 + likes) on features."""


@dataclass(frozen=True)
class Prior:
    """base, predicted: (items,) log-popularity, and what the features make of it. lift: (traits, items) float32."""

    base: np.ndarray
    predicted: np.ndarray
    lift: np.ndarray

    def of(self, traits: np.ndarray) -> np.ndarray:
        """(users, traits) → (users, items)."""
        return np.asarray(self.base + traits @ self.lift)


def prior_of(data: TrainingData, features: np.ndarray) -> Prior:
    """The prior of likes in `data`; features: (items, columns)."""
    liked = data.rating >= POSITIVE
    likes = data.matrix(liked.astype(np.float32))
    base = np.log1p(np.asarray(likes.sum(axis=0)).ravel())
    rated = np.bincount(data.item, minlength=data.n_items) > 0
    predicted = _regressed(base, features.astype(np.float64), rated)
    lift = (
        np.zeros((0, data.n_items))
        if data.traits is None
        else _lift(likes, data.traits.astype(np.float64))
    )
    known = np.where(rated, base, predicted)
    return Prior(*(part.astype(np.float32) for part in (known, predicted, lift)))


def known_traits(data: TrainingData) -> np.ndarray:
    """The users' traits, or none of them: (users, traits)."""
    return np.zeros((data.n_users, 0), dtype=np.float32) if data.traits is None else data.traits


def _lift(likes: "np.ndarray", traits: np.ndarray) -> np.ndarray:
    share = np.asarray(likes.sum(axis=0)).ravel() / max(likes.sum(), 1.0)
    of_trait = np.asarray((likes.T @ traits).T)
    expected = (traits.T @ np.asarray(likes.sum(axis=1)).ravel())[:, None] * share
    return np.log((of_trait + HELD) / (expected + HELD))


def _regressed(base: np.ndarray, features: np.ndarray, rated: np.ndarray) -> np.ndarray:
    if not rated.any():
        return np.zeros_like(base)
    mean, middle = base[rated].mean(), features[rated].mean(axis=0)
    known = features[rated] - middle
    weights = np.linalg.solve(
        known.T @ known + RIDGE * np.eye(known.shape[1]), known.T @ (base[rated] - mean)
    )
    return (features - middle) @ weights + mean
