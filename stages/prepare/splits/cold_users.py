"""cold-users-1 … -5: a fifth of the users keep only their earliest few ratings."""

import numpy as np
import pandas as pd

from stages.core.groups import place_in_group
from stages.core.seeds import generator
from stages.prepare.params import PrepareParams
from stages.prepare.splits.parts import TEST, TRAIN, VALID, Cut, fifths, sample_of


def cut_cold_users(
    ratings: pd.DataFrame, number: int, params: PrepareParams, seed: int, timestamps: bool
) -> Cut:
    """Users of the fifth keep their earliest n ratings, n from `params.kept`; the rest is test.

    The values of n are assigned to the users in turn. Valid is a tenth of the other users, made
    cold in the same way. If times are missing, "earliest" is a seeded draw.
    """
    users = ratings["user_row"].to_numpy()
    n_users = int(users.max()) + 1
    draw = generator(seed, "cold-users", number)
    part = fifths(n_users, generator(seed, "cold-users"))
    cold = draw.permutation(np.flatnonzero(part == number))
    others = sample_of(np.flatnonzero(part != number), params.valid_share, draw)
    time = ratings["timestamp"].to_numpy() if timestamps else draw.random(len(ratings))
    place = place_in_group(users, time, ratings["item_row"].to_numpy())
    parts = np.full(len(ratings), TRAIN)
    for label, group in ((TEST, cold), (VALID, others)):
        limit = np.full(n_users, np.iinfo(np.int64).max)
        limit[group] = np.resize(params.kept, len(group))
        parts[place >= limit[users]] = label
    return parts
