"""next: no test; each user's latest ratings are valid, so that the final fit is on all ratings."""

import numpy as np
import pandas as pd

from stages.core.groups import place_in_group
from stages.core.seeds import generator
from stages.prepare.params import PrepareParams
from stages.prepare.splits.parts import TRAIN, VALID, Cut


def cut_next(ratings: pd.DataFrame, params: PrepareParams, seed: int) -> Cut:
    """Valid is each user's latest tenth, rounded up, by the column nth; the rest is train.

    One rating of each user stays in train. Where no order is known, the tenth is a seeded draw.
    """
    users, nth = ratings["user_row"].to_numpy(), ratings["nth"].to_numpy()
    order = nth if (nth >= 0).all() else generator(seed, "next").random(len(ratings))
    rows = np.bincount(users)
    # Less a hair, as .1 · 30 is a little more than 3
    validated = np.minimum(np.ceil(rows * params.valid_share - 1e-9), rows - 1)
    from_end = rows[users] - place_in_group(users, order)  # 1 for the last
    return np.where(from_end <= validated[users], VALID, TRAIN)
