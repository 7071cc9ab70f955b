"""What a split is: for each row of the ratings table, the part that it belongs to."""

import numpy as np

TRAIN, VALID, TEST = 0, 1, 2

Cut = np.ndarray
"""Shape (ratings,), values TRAIN, VALID or TEST."""


def fifths(n: int, draw: np.random.Generator) -> np.ndarray:
    """A seeded partition of n things into five nearly equal parts, numbered 1…5; shape (n,)."""
    part = np.empty(n, dtype=np.int64)
    part[draw.permutation(n)] = np.arange(n) % 5 + 1
    return part


def sample_of(rows: np.ndarray, share_of_rows: float, draw: np.random.Generator) -> np.ndarray:
    """A seeded choice of `share_of_rows` of the given rows, at least one if there are two."""
    count = max(round(share_of_rows * len(rows)), 1 if len(rows) > 1 else 0)
    return draw.permutation(rows)[:count]
