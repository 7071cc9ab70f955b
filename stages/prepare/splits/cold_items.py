"""cold-items-1 … -5: a fifth of the movies has no rating in training."""

import numpy as np
import pandas as pd

from stages.core.seeds import generator
from stages.prepare.params import PrepareParams
from stages.prepare.splits.parts import TEST, TRAIN, VALID, Cut, fifths, sample_of


def cut_cold_items(
    ratings: pd.DataFrame, n_items: int, number: int, params: PrepareParams, seed: int
) -> Cut:
    """All ratings of the fifth are test; valid is all ratings of a tenth of the other movies."""
    part = fifths(n_items, generator(seed, "cold-items"))
    others = sample_of(
        np.flatnonzero(part != number), params.valid_share, generator(seed, "cold-items", number)
    )
    of_item = np.full(n_items, TRAIN)
    of_item[part == number] = TEST
    of_item[others] = VALID
    return of_item[ratings["item_row"].to_numpy()]
