"""given: the data set comes with its own train and test rows, and perhaps with valid ones."""

import numpy as np
import pandas as pd

from stages.contracts.scale import POSITIVE
from stages.core.errors import InputError
from stages.core.seeds import generator
from stages.prepare.params import PrepareParams
from stages.prepare.splits.parts import TEST, TRAIN, VALID, Cut, sample_of

_PARTS = {"train": TRAIN, "valid": VALID, "test": TEST}


def cut_given(ratings: pd.DataFrame, params: PrepareParams, seed: int) -> Cut:
    """The parts of the column `part`; valid, if absent, is a seeded tenth of the positives."""
    if "part" not in ratings:
        raise InputError(
            "splits in params.yaml names 'given', but this data set does not come with a split of "
            "its own; use another, or import it again with a column part that says train, valid "
            "or test"
        )
    parts = ratings["part"].map(_PARTS).to_numpy(np.int64, copy=True)
    if not (parts == VALID).any():
        liked = (ratings["rating"].to_numpy() >= POSITIVE) & (parts == TRAIN)
        draw = generator(seed, "given", "valid")
        parts[sample_of(np.flatnonzero(liked), params.valid_share, draw)] = VALID
    return parts
