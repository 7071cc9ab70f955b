"""A user's scores from his ratings and what e2ep has learned, without a step of training: NumPy and SciPy alone.

score_ui = prior_ui + n/(n + κ) · (cos(h_u, h_i)/τ + b_i + β·Σ_j x_uj B_ji − δ·log-popularity_i)

n: the user's ratings; κ: how many of them weigh as much as the prior (stages/train/models/e2ep/prior.py). h: vectors of the network
(stages/train/models/e2ep/network.py), in which a user who was not there starts at zero. B: EASE's weights (stages/train/models/ease.py),
which also know the items' features, so that an item without ratings has some too. As for now: what `later` takes from films
that came after a user's last rating is taken in stages/train/models/e2ep/e2ep.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from stages.train.fitting.data import TrainingData, graded
from stages.train.models.e2ep.prior import Prior, known_traits
from stages.train.models.e2ep.settings import Config

SLOPE = 0.2
"""Of LeakyReLU below 0, as in stages/train/graph/gat.py."""


@dataclass(frozen=True)
class Learned:
    """Arrays of a fit, by the names under which its weights are kept.

    Members stand side by side in the channels, and their heads beside each other. users: (users, channels) and layers:
    (layers + 1, items, channels), before any and after each layer. items: (items, channels), unit vectors of the members
    over the root of their number, so that a product is the mean of theirs. bias: (items,). target, source: (layers,
    heads, channels of a head), edge: (layers, heads), the attention of users. members, history: (1,), their number, and κ.
    linear: (items, items), or (0, 0) where there is no linear part.
    """

    users: np.ndarray
    layers: np.ndarray
    items: np.ndarray
    bias: np.ndarray
    target: np.ndarray
    source: np.ndarray
    edge: np.ndarray
    base: np.ndarray
    lift: np.ndarray
    members: np.ndarray
    history: np.ndarray
    linear: np.ndarray

    @classmethod
    def of(cls, weights: Mapping[str, np.ndarray]) -> "Learned":
        """What of a model's weights is needed here."""
        return cls(**{name: weights[name] for name in cls.__dataclass_fields__})

    def fold(self, own: TrainingData, start: np.ndarray, grades: dict[int, float]) -> np.ndarray:
        """Vectors of users, as `items` are, from their ratings; start: (users, channels), what they have of their own."""
        weight = np.log(graded(own.rating, grades) / min(grades.values()))
        vectors, mean = start, start.copy()
        for target, source, edge, items in zip(
            self.target, self.source, self.edge, self.layers[:-1], strict=True
        ):
            vectors = _attended(vectors, items, own, weight, (target, source, edge))
            mean += vectors
        apart = mean.reshape(len(mean), int(self.members[0]), -1)
        lengths = np.maximum(np.linalg.norm(apart, axis=2, keepdims=True), 1e-12)
        return np.asarray(
            apart / lengths / float(self.members[0]) ** 0.5, dtype=np.float32
        ).reshape(mean.shape)

    def scores(self, vectors: np.ndarray, own: TrainingData, settings: Config) -> np.ndarray:
        """(users, items) for vectors (users, channels) and the same users' ratings."""
        personal = vectors @ self.items.T / settings.temperature + self.bias
        if len(self.linear):
            part = settings.linear
            personal += part.weight * (own.matrix(graded(own.rating, part.grades)) @ self.linear)
            personal -= part.popularity * self.base
        known = np.bincount(own.user, minlength=own.n_users)
        share = (known / (known + self.history)).astype(np.float32)
        prior = Prior(self.base, self.base, self.lift).of(known_traits(own))
        return np.asarray(prior + share[:, None] * personal)


def _attended(
    targets: np.ndarray,
    sources: np.ndarray,
    own: TrainingData,
    weight: np.ndarray,
    attention: tuple[np.ndarray, ...],
) -> np.ndarray:
    """stages/train/graph/gat.py's attention of each user over the films he rated."""
    parts = []
    width = attention[0].shape[1]
    for head, (target, source, edge) in enumerate(zip(*attention, strict=True)):
        at = slice(head * width, (head + 1) * width)
        raw = (
            (targets[:, at] @ target)[own.user]
            + (sources[:, at] @ source)[own.item]
            + edge * weight
        )
        raw = np.where(raw < 0, SLOPE * raw, raw)
        top = np.full(own.n_users, -np.inf, dtype=np.float32)
        np.maximum.at(top, own.user, raw)
        values = np.exp(raw - top[own.user])
        totals = np.maximum(np.bincount(own.user, values, own.n_users), 1e-12)
        shares = sp.csr_matrix(
            (values / totals[own.user], (own.user, own.item)), (own.n_users, own.n_items)
        )
        parts.append(shares.astype(np.float32) @ sources[:, at])
    return np.concatenate(parts, axis=1)
