"""A loss that counts the worst-off group of users more than its share.

    loss = (1 − φ) Σ_r g_r m_r / Σ_r g_r + φ max_G (Σ_{r ∈ G} g_r m_r / Σ_{r ∈ G} g_r)

r: a rating; g: its grade; m: what the softmax missed of it; G: a group of users. With φ = 1 only
the group that the model knows worst counts, until another one is worse. Users of no known group
count in the first term alone.
Source: the worst-group loss of Sagawa, Koh, Hashimoto and Liang, Distributionally robust neural
networks for group shifts, ICLR 2020; for recommendations, Wen et al., Distributionally-robust
recommendations for improving worst-case user experience, WWW 2022.
"""

import numpy as np
import torch
from torch import Tensor

from stages.core.errors import InputError
from stages.train.fitting.data import TrainingData
from stages.train.fitting.traits import AGES

NO_GROUP = -1


def user_groups_by(by: str, data: TrainingData) -> Tensor:
    """The group of each user, (users,), from 0; NO_GROUP where it is not known."""
    if by == "activity":
        ratings = np.bincount(data.user, minlength=data.n_users)
        active = ratings[ratings > 0] if len(data.user) else ratings
        edges = np.quantile(active, (0.25, 0.5, 0.75))
        return torch.as_tensor(np.searchsorted(edges, ratings), device=data.device)
    none = np.zeros((data.n_users, 0), dtype=np.float32)
    traits = none if data.traits is None else data.traits
    shares = traits[:, : len(AGES)] if by == "age" else traits[:, len(AGES) :]
    known = shares.sum(axis=1) > 0
    if not known.any():
        raise InputError(
            f"train.e2ep.fairness.by is {by}, which no user of this data set has; set it to "
            "activity, or weight to 0"
        )
    group = np.where(known, shares.argmax(axis=1), NO_GROUP)
    return torch.as_tensor(group, device=data.device)


def fair_loss(missed: Tensor, grade: Tensor, group: Tensor, weight: float) -> Tensor:
    """The loss above, φ the weight; missed, grade, group: (ratings,)."""
    mean = (grade @ missed) / grade.sum()
    known = group >= 0
    if not known.any():
        return mean
    n_groups = int(group.max()) + 1
    lost, counted = (
        missed.new_zeros(n_groups).index_add(0, group[known], values[known])
        for values in (grade * missed, grade)
    )
    there = counted > 0
    return (1 - weight) * mean + weight * (lost[there] / counted[there]).max()
