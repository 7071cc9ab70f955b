"""The two protocols by name, what each does in words, and averages over a group of users."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from stages.contracts.rows import POSITIVE
from stages.evaluate.protocols.condensed import condensed
from stages.evaluate.protocols.full import full
from stages.evaluate.protocols.truth import Marked

Protocol = Literal["full", "condensed"]
PROTOCOLS: dict[Protocol, Callable[[Marked, int], dict[str, np.ndarray]]] = {
    "full": full,
    "condensed": condensed,
}

PROTOCOL_WORDS = {
    "relevant": f"test rating of at least {POSITIVE:g}",
    "masked": "ratings in train and valid",
    "full": "every movie that the user has not rated in training is ranked "
    "(cold-items: every held-out movie); "
    "users with a relevant test movie count, one without a list as zero",
    "condensed": "the paper's: movies without a test rating are dropped from the top k; "
    "each metric averages over the users for whom it is defined",
    "users": "users with a relevant test movie; for a family, the sum over its splits",
}


def averages(values: dict[str, np.ndarray], group: np.ndarray) -> dict[str, tuple[float, int]]:
    """The mean of each metric over the counted users of a group, and how many they are.

    values: (users,) each, NaN where a user is not counted. group: (users,) bool. A metric that
    counts nobody is left out.
    """
    counted = {name: value[group & ~np.isnan(value)] for name, value in values.items()}
    return {
        name: (float(value.mean()), len(value)) for name, value in counted.items() if len(value)
    }
