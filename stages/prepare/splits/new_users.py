"""new-users-1 … -5: a fifth of the users is in no row that a model is fitted on.

Strong generalisation (Marlin, 2004; Liang et al., Variational autoencoders for collaborative
filtering, WWW 2018): a model that is fitted without these users is given four fifths of each one's
ratings, and ranks for the rest.
"""

import numpy as np
import pandas as pd

from stages.core.groups import place_in_group
from stages.core.seeds import generator
from stages.prepare.params import PrepareParams
from stages.prepare.splits.parts import (
    TEST,
    TEST_HISTORY,
    TRAIN,
    VALID,
    VALID_HISTORY,
    Cut,
    fifths,
    sample_of,
)


def cut_new_users(ratings: pd.DataFrame, number: int, params: PrepareParams, seed: int) -> Cut:
    """A seeded fifth of each held-out user's ratings, rounded down, is test; the rest is history.

    Valid is a tenth of the other users, held out in the same way.
    """
    users = ratings["user_row"].to_numpy()
    n_users = int(users.max()) + 1
    draw = generator(seed, "new-users", number)
    part = fifths(n_users, generator(seed, "new-users"))
    others = sample_of(np.flatnonzero(part != number), params.valid_share, draw)
    place = place_in_group(users, draw.random(len(users)))
    asked = place < np.floor(np.bincount(users) * params.test_share)[users]
    parts = np.full(len(ratings), TRAIN)
    for group, rest, history in (
        (np.flatnonzero(part == number), TEST, TEST_HISTORY),
        (others, VALID, VALID_HISTORY),
    ):
        inside = np.isin(users, group)
        parts[inside] = np.where(asked[inside], rest, history)
    return parts
