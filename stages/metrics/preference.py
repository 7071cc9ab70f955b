"""Choices between settings on validation rows that luck does not make."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def first_or_better(options: Iterable[T], judge: Callable[[T], np.ndarray]) -> T:
    """The first option, or the best of those that are clearly better; judge: (users,) each.

    The first is the setting of params.yaml. It is left for another only if that is better by a
    standard error of the difference over users. So a handful of validation users, whose best is
    luck, changes nothing.
    """
    rest = iter(options)
    best = next(rest)
    values: list[np.ndarray] = []  # of the first option, then of the best so far
    for other in rest:
        values = values or [judge(best)] * 2
        ndcgs = judge(other)
        if clearly_better(ndcgs, values[0]) and ndcgs.mean() > values[1].mean():
            best, values[1] = other, ndcgs
    return best


def clearly_better(values: np.ndarray, than: np.ndarray) -> bool:
    """Whether values (users,) are on average better than their pairs by a standard error."""
    gain = values - than
    return len(gain) > 1 and bool(gain.mean() > gain.std(ddof=1) / len(gain) ** 0.5)
