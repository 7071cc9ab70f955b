"""last: each user's last rating is test, the one before it valid (leave-last-out)."""

import numpy as np
import pandas as pd

from stages.prepare.splits.parts import TEST, TRAIN, VALID, Cut

LEAST = 3
"""Users with fewer ratings are in training alone."""


def cut_last(ratings: pd.DataFrame) -> Cut:
    """Cut by the column nth, in which ties of time keep the file's order."""
    users = ratings["user_row"].to_numpy()
    rows = np.bincount(users)[users]
    from_end = rows - ratings["nth"].to_numpy()  # 1 for the last
    enough = rows >= LEAST
    return np.select([enough & (from_end == 1), enough & (from_end == 2)], [TEST, VALID], TRAIN)
