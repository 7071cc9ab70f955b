"""The full protocol: every item that the user has not rated in training is ranked."""

import numpy as np

from stages.evaluate.protocols.truth import Marked
from stages.metrics.registry import ACCURACY


def full(lists: Marked, k: int) -> dict[str, np.ndarray]:
    """Every accuracy metric at k, (users,) each, NaN for a user who is not counted.

    A user with at least one relevant test item is counted, and has the value 0 if there is no list.
    """
    counted = lists.relevant > 0
    hits = lists.liked[:, :k]
    return {
        name: np.where(counted, metric(hits, lists.relevant), np.nan)
        for name, metric in ACCURACY.items()
    }
