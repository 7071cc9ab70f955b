"""What people probably like before they have rated anything: what similar people like.

An item's share of all likes, p_i, gives a user's logit of it, changed by how much more often each
of their traits likes it:

    prior_ui = log(1 + likes_i) + Σ_t a_ut log((likes_ti + m) / (likes_t p_i + m))

a_ut is the user's share of trait t, likes_ti the likes of item i weighted by it, and m a number of
likes that shrinks small groups towards the whole. An item without a rating takes its log(1 + likes)
from a ridge regression on its features.
"""

from dataclasses import dataclass

import numpy as np

from stages.contracts.scale import POSITIVE
from stages.train.fitting.data import TrainingData

HELD = 5.0
"""m."""
RIDGE = 5.0
"""λ of the regression of log(1 + likes) on features."""


@dataclass(frozen=True)
class Prior:
    """The two terms of the prior, in float32.

    base: (items,) log-popularity, for items without ratings as predicted. predicted: (items,), the
    prediction from the features for all items. lift: (traits, items).
    """

    base: np.ndarray
    predicted: np.ndarray
    lift: np.ndarray


def prior_of(data: TrainingData, features: np.ndarray) -> Prior:
    """The prior of likes in `data`; features: (items, columns)."""
    likes = data.matrix((data.rating >= POSITIVE).astype(np.float32))  # sparse (users, items)
    likes_of_items = np.asarray(likes.sum(axis=0)).ravel()  # (items,)

    # log(1 + likes_i), and its ridge regression on features: w = (XᵀX + λI)⁻¹ Xᵀy around the means
    popularity = np.log1p(likes_of_items)
    rated = np.bincount(data.item, minlength=data.n_items) > 0
    predicted = np.zeros_like(popularity)
    if rated.any():
        x = features.astype(np.float64)
        middle, mean = x[rated].mean(axis=0), popularity[rated].mean()
        known = x[rated] - middle  # (rated items, columns)
        w = np.linalg.solve(
            known.T @ known + RIDGE * np.eye(known.shape[1]), known.T @ (popularity[rated] - mean)
        )
        predicted = (x - middle) @ w + mean  # (items,)
    base = np.where(rated, popularity, predicted)

    # log((likes_ti + m) / (likes_t p_i + m)): (traits, items)
    lift = np.zeros((0, data.n_items))
    if data.traits is not None:
        a = data.traits.astype(np.float64)  # (users, traits)
        p = likes_of_items / max(likes.sum(), 1.0)  # (items,)
        likes_of_traits = np.asarray((likes.T @ a).T)  # likes_ti
        expected = (a.T @ np.asarray(likes.sum(axis=1)).ravel())[:, None] * p  # likes_t p_i
        assert likes_of_traits.shape == expected.shape
        lift = np.log((likes_of_traits + HELD) / (expected + HELD))
    return Prior(*(part.astype(np.float32) for part in (base, predicted, lift)))


def prior_scores(base: np.ndarray, lift: np.ndarray, own: TrainingData) -> np.ndarray:
    """The prior of users with these traits, (users, items), for its two terms."""
    return np.asarray(base + known_traits(own) @ lift)


def known_traits(data: TrainingData) -> np.ndarray:
    """The users' traits, (users, traits), without columns if none are known."""
    return np.zeros((data.n_users, 0), dtype=np.float32) if data.traits is None else data.traits
