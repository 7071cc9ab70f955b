"""temporal: each user's latest ratings are test, the ones just before them valid."""

import numpy as np
import pandas as pd

from stages.core.groups import place_in_group
from stages.prepare.params import PrepareParams
from stages.prepare.splits.parts import TEST, TRAIN, VALID, Cut


def cut_temporal(ratings: pd.DataFrame, params: PrepareParams) -> Cut:
    """Each user's latest fifth is test, and the tenth before it valid; ties break by item id."""
    users = ratings["user_row"].to_numpy()
    place = place_in_group(users, ratings["timestamp"].to_numpy(), ratings["item_row"].to_numpy())
    rows = np.bincount(users)
    tested = np.floor(rows * params.test_share).astype(int)
    validated = np.floor(rows * params.valid_share).astype(int)
    from_end = rows[users] - place
    parts = np.full(len(ratings), TRAIN)
    parts[from_end <= (tested + validated)[users]] = VALID
    parts[from_end <= tested[users]] = TEST
    return parts
