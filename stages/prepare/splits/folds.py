"""fold-1 … fold-5: the data set's official folds, else seeded fifths of the ratings."""

import numpy as np
import pandas as pd

from stages.contracts.scale import POSITIVE
from stages.core.seeds import generator
from stages.prepare.params import PrepareParams
from stages.prepare.splits.parts import TEST, TRAIN, VALID, Cut, fifths, sample_of


def cut_fold(
    ratings: pd.DataFrame,
    number: int,
    params: PrepareParams,
    seed: int,
    official: np.ndarray | None,
) -> Cut:
    """Test is one fifth of the ratings, valid a seeded tenth of the training positives.

    official: (user_row, item_row) of the official test, shape (n, 2), or None.
    """
    if official is None:
        test = fifths(len(ratings), generator(seed, "folds")) == number
    else:
        width = int(ratings["item_row"].max()) + 1
        test = np.isin(
            ratings["user_row"] * width + ratings["item_row"],
            official[:, 0] * width + official[:, 1],
        )
    parts = np.where(test, TEST, TRAIN)
    positives = np.flatnonzero((ratings["rating"].to_numpy() >= POSITIVE) & ~test)
    parts[sample_of(positives, params.valid_share, generator(seed, "fold", number, "valid"))] = (
        VALID
    )
    return parts
