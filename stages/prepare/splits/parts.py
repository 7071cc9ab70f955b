"""What a split is: for each row of the ratings table, the part that it belongs to."""

import numpy as np
import pandas as pd

TRAIN, VALID, TEST = 0, 1, 2
TEST_HISTORY, VALID_HISTORY = 3, 4
"""What is known of users whom no model is fitted on: in new-users alone."""
HISTORIES = {TEST_HISTORY: "test", VALID_HISTORY: "valid"}
"""As the column `history` of train.parquet calls them."""

Cut = np.ndarray
"""Shape (ratings,), values TRAIN, VALID, TEST, TEST_HISTORY or VALID_HISTORY."""


def training_rows(ratings: pd.DataFrame, parts: Cut) -> pd.DataFrame:
    """All that is known before valid and test (schema TRAINING): train and the histories."""
    known = ~np.isin(parts, (VALID, TEST))
    history = pd.Series(parts[known]).map(HISTORIES).astype(object)
    return ratings[known].assign(history=history.where(history.notna(), None).to_numpy())


def fifths(n: int, draw: np.random.Generator) -> np.ndarray:
    """A seeded partition of n things into five nearly equal parts, numbered 1…5; shape (n,)."""
    part = np.empty(n, dtype=np.int64)
    part[draw.permutation(n)] = np.arange(n) % 5 + 1
    return part


def sample_of(rows: np.ndarray, share_of_rows: float, draw: np.random.Generator) -> np.ndarray:
    """A seeded choice of `share_of_rows` of the given rows, at least one if there are two."""
    count = max(round(share_of_rows * len(rows)), 1 if len(rows) > 1 else 0)
    return draw.permutation(rows)[:count]
