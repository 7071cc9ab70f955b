"""What e2ep chooses on valid besides epochs and κ: its linear part, and how much that counts.

A setting of params.yaml is left for another only if that is better by a standard error of the
difference over users. So a handful of validation users, whose best is luck, changes nothing.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np

from stages.train.fitting.inverse import DOUBLE
from stages.train.models.e2ep.settings import Linear

T = TypeVar("T")
HELD_LESS = 3.0
"""λ is also tried divided by this."""


def first_or_better(options: Iterable[T], judge: Callable[[T], np.ndarray]) -> T:
    """The first option, or the best of those that are clearly better; judge: (users,) each."""
    rest = iter(options)
    best = next(rest)
    values: list[np.ndarray] = []  # of the first option, then of the best so far
    for other in rest:
        values = values or [judge(best)] * 2
        judged = judge(other)
        if judged.mean() > values[1].mean() and clearly_better(judged, values[0]):
            best, values[1] = other, judged
    return best


def clearly_better(values: np.ndarray, than: np.ndarray) -> bool:
    """Whether values (users,) are on average better than their pairs by a standard error."""
    gain = values - than
    return len(gain) > 1 and bool(gain.mean() > gain.std(ddof=1) / len(gain) ** 0.5)


def linear_options(linear: Linear, n_items: int, known: bool) -> list[Linear]:
    """The linear part as set; without features, if any are known; and held less by λ.

    With many items the last is left out, as each option is an inversion.
    """
    options = [linear]
    if known and linear.features:
        options.append(linear.model_copy(update={"features": 0.0}))
    if n_items <= DOUBLE:
        less = {"l2": linear.l2 / HELD_LESS}
        options += [option.model_copy(update=less) for option in options]
    return options


def weight_options(linear: Linear) -> list[Linear]:
    """The linear part with its weight β as set, and multiples of it."""
    betas = [linear.weight, *(times * linear.weight for times in linear.times)]
    return [linear.model_copy(update={"weight": beta}) for beta in betas]
