"""The two protocols by name, what each does in words, and averages over a group of users."""

from collections.abc import Callable
from typing import Literal

import numpy as np

from stages.contracts.scale import POSITIVE
from stages.contracts.words import FILMS, DomainWords
from stages.evaluate.protocols.condensed import condensed
from stages.evaluate.protocols.full import full
from stages.evaluate.protocols.truth import Marked

Protocol = Literal["full", "condensed"]
_RELEVANT = f"test rating of at least {POSITIVE:g}"
PROTOCOLS: dict[Protocol, Callable[[Marked, int], dict[str, np.ndarray]]] = {
    "full": full,
    "condensed": condensed,
}


def protocol_words(words: DomainWords = FILMS) -> dict[str, str]:
    """What was measured, as summary.json says it."""
    item, items = ("movie", "movies") if words.of_films else (words.item, words.items)
    relevant = f"every test {words.row}" if words.implicit else _RELEVANT
    return {
        "relevant": relevant,
        "masked": f"{words.rows} in train and valid",
        "full": f"every {item} that the user has not {words.done} in training is ranked "
        f"(cold-items: every held-out {item}); "
        f"users with a relevant test {item} count, one without a list as zero",
        "condensed": f"the paper's: {items} without a test {words.row} are dropped from the top k; "
        "each metric averages over the users for whom it is defined",
        "users": f"users with a relevant test {item}; for a family, the sum over its splits",
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
