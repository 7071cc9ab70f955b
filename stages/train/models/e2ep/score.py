"""Scores from users' ratings and what e2ep has learned, with NumPy and SciPy alone.

    score_ui = prior_ui + n_u/(n_u + κ) · personal_ui
    personal_ui = α (cos(h_u, h_i)/τ + b_i) + β·taste_ui − δ·log-popularity_i
    taste_ui = Σ_j r_uj x_uj B_ji + γ·Σ_j s_uj T_ji

n_u: how many ratings the user has. κ: how many of them weigh as much as the prior
(stages/train/models/e2ep/prior.py). h: the network's vectors (stages/train/models/e2ep/network.py),
in which a newcomer's starts at zero. B: the linear part (stages/train/models/e2ep/linear.py), which
also knows the items' features, so that an item without ratings has weights too. T: the sequence
part (stages/train/models/e2ep/sequence.py). r and s fade with the ratings that the user has made
since; the prior is as of now (stages/train/models/e2ep/present.py).

The penalty `later` on items that arrive after a user's last rating is not included: these are
scores as of now (stages/train/models/e2ep/e2ep.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from stages.linear.kept import Weights, from_arrays, weighed
from stages.train.fitting.data import TrainingData, grade
from stages.train.models.e2ep.present import ages
from stages.train.models.e2ep.prior import prior_scores
from stages.train.models.e2ep.sequence import faded_history, latest
from stages.train.models.e2ep.settings import Config

_SLOPE = 0.2
"""Slope of LeakyReLU below 0, as in stages/train/graph/gat.py."""


@dataclass(frozen=True)
class Learned:
    """The arrays of a fit, named as its stored weights are.

    Channels are ordered by member, then by head.
    users: (users, channels) and layers: (layers + 1, items, channels), before any layer and after
    each. items: (items, channels), each member's unit vectors divided by √members, so that a dot
    product is the mean of the members' cosines. bias: (items,). target, source: (layers, heads,
    channels per head) and edge: (layers, heads), the attention of users. base: (items,), lift:
    (traits, items), the prior. members: (1,), how many there are. history: (1,), κ. graph: (1,), α.
    weight: (1,), β. linear: (items, items), or (0, 0) where there is no linear part. order: (1,),
    γ. sequence: (items, items), or (0, 0). With many items both are (items, kept), the largest of
    each row, in the columns that linear_columns and sequence_columns hold
    (stages/linear/kept.py). fading: (1,), the share of a history over which r fades. present:
    (items,), the prior's base as of now. age: (1,), a. past: (1,), over how many ratings s fades.
    arrived: (items,), in seconds, when each item was first rated.
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
    graph: np.ndarray
    weight: np.ndarray
    linear: np.ndarray
    linear_columns: np.ndarray
    order: np.ndarray
    sequence: np.ndarray
    sequence_columns: np.ndarray
    fading: np.ndarray
    present: np.ndarray
    age: np.ndarray
    past: np.ndarray
    arrived: np.ndarray

    @classmethod
    def of(cls, weights: Mapping[str, np.ndarray]) -> "Learned":
        """The part of a model's weights that scores need."""
        return cls(**{name: weights[name] for name in cls.__dataclass_fields__})

    def place(self, own: TrainingData, start: np.ndarray, grades: dict[int, float]) -> np.ndarray:
        """The users' vectors, from their ratings: (users, channels), scaled like `items`.

        start: (users, channels), h⁰ of the users.
        """
        w = np.log(grade(own.rating, grades) / min(grades.values()))  # (ratings,)
        h, total = start, start.copy()
        for targets, sources, edges, items in zip(
            self.target, self.source, self.edge, self.layers[:-1], strict=True
        ):
            heads, width = [], targets.shape[1]
            for head, (target, source, edge) in enumerate(
                zip(targets, sources, edges, strict=True)
            ):
                at = slice(head * width, (head + 1) * width)
                # e_ui = LeakyReLU(target · h_u + source · h_i + edge·w_ui): (ratings,)
                raw = (h[:, at] @ target)[own.user] + (items[:, at] @ source)[own.item] + edge * w
                e = np.where(raw < 0, _SLOPE * raw, raw)
                # α_ui = exp(e_ui − max_i e_ui) / Σ_i …: (ratings,)
                top = np.full(own.n_users, -np.inf, dtype=np.float32)
                np.maximum.at(top, own.user, e)
                u = np.exp(e - top[own.user])
                z = np.maximum(np.bincount(own.user, u, own.n_users), 1e-12)
                alpha = sp.csr_matrix(
                    (u / z[own.user], (own.user, own.item)), (own.n_users, own.n_items)
                )
                # Σ_i α_ui h_i: (users, channels per head)
                heads.append(alpha.astype(np.float32) @ items[:, at])
            h = np.concatenate(heads, axis=1)
            assert h.shape == start.shape
            total += h
        # Each member's sum over layers, scaled to length 1 / √members
        members = int(self.members[0])
        apart = total.reshape(len(total), members, -1)  # (users, members, channels per member)
        lengths = np.maximum(np.linalg.norm(apart, axis=2, keepdims=True), 1e-12)
        unit = np.asarray(apart / lengths / float(members) ** 0.5, dtype=np.float32)
        return unit.reshape(total.shape)

    def parts(
        self, vectors: np.ndarray, own: TrainingData, settings: Config
    ) -> dict[str, np.ndarray]:
        """What scores are made of, (users, items) each, for users as in `scores`.

        A linear and a sequence part are there only if they count.
        """
        parts = {"graph": vectors @ self.items.T / settings.temperature + self.bias}
        if self.weight[0]:
            n_items = len(self.bias)
            parts |= taste_parts(
                own,
                from_arrays(self.linear, self.linear_columns, n_items),
                from_arrays(self.sequence, self.sequence_columns, n_items),
                settings.linear.grades,
                fading=float(self.fading[0]),
                past=float(self.past[0]) if self.order[0] else 0.0,
            )
        prior = prior_scores(self.present, self.lift, own)
        if self.age[0]:
            prior -= self.age[0] * ages(own, self.arrived)
        return parts | {"prior": prior}

    def scores(self, vectors: np.ndarray, own: TrainingData, settings: Config) -> np.ndarray:
        """(users, items) for vectors (users, channels) and the same users' ratings."""
        parts = self.parts(vectors, own, settings)
        # α (cos(h_u, h_i)/τ + b_i)
        personal = self.graph[0] * parts["graph"]
        if "linear" in parts:
            # + β·taste_ui − δ·log-popularity_i
            personal = personal + self.weight[0] * taste(parts, float(self.order[0]))
            personal -= settings.linear.popularity * self.base
        assert personal.shape == (own.n_users, len(self.bias))
        # prior_ui + n_u/(n_u + κ) · personal_ui
        known = np.bincount(own.user, minlength=own.n_users)
        share = (known / (known + self.history)).astype(np.float32)
        return np.asarray(parts["prior"] + share[:, None] * personal)


def taste_parts(
    own: TrainingData,
    linear: Weights,
    sequence: Weights,
    grades: dict[int, float],
    fading: float,
    past: float,
) -> dict[str, np.ndarray]:
    """What the two parts in closed form say, (users, items) each, as far as there are any.

    Σ_j r_uj x_uj B_ji and Σ_j s_uj T_ji; past: over how many ratings s fades, or 0 for none.
    """
    parts = {}
    if linear.shape[0]:
        values = grade(own.rating, grades) * faded_history(own, fading)
        parts["linear"] = weighed(own.matrix(values), linear)
    if linear.shape[0] and sequence.shape[0] and past and own.nth is not None:
        parts["sequence"] = weighed(own.matrix(latest(own, past)), sequence)
    return parts


def taste(parts: dict[str, np.ndarray], order: float) -> np.ndarray:
    """The two in one, (users, items); order: γ."""
    if "sequence" not in parts:
        return parts["linear"]
    return np.asarray(parts["linear"] + np.float32(order) * parts["sequence"])
