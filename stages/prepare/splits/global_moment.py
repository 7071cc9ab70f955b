"""global: one moment for everybody; what comes after it is test."""

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.prepare.params import PrepareParams
from stages.prepare.splits.parts import TEST, TRAIN, VALID, Cut


def cut_global(ratings: pd.DataFrame, params: PrepareParams) -> Cut:
    """Test is later than the moment, valid the latest tenth of what is not; the rest is train.

    Ratings of one time are on the same side. A rating of unknown time counts as the earliest.
    """
    time = ratings["timestamp"].to_numpy()
    moment = moment_after(time, 1 - params.test_share)
    earlier = moment_after(time[time <= moment], 1 - params.valid_share)
    return np.select([time > moment, time > earlier], [TEST, VALID], TRAIN)


def moment_after(time: np.ndarray, share: float) -> int:
    """The earliest time at which `share` of the ratings are made, if any come later.

    Otherwise it is the last time but one. time: (ratings,).
    """
    times = np.unique(time)
    if len(times) < 2:
        raise InputError(
            "global cannot be cut, as the ratings are all of one time; take another split"
        )
    made = np.sort(time)[max(int(np.ceil(share * len(time) - 1e-9)) - 1, 0)]
    return int(min(made, times[-2]))
