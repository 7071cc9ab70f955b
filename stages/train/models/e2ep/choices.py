"""What e2ep chooses on valid besides epochs and κ: its linear part, and how much that counts.

A setting of params.yaml is left for another only if that is better by a standard error of the
difference over users. So a handful of validation users, whose best is luck, changes nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from stages.train.fitting.inverse import DOUBLE
from stages.train.models.e2ep.present import Present
from stages.train.models.e2ep.settings import Linear, Now

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
        ndcgs = judge(other)
        if ndcgs.mean() > values[1].mean() and clearly_better(ndcgs, values[0]):
            best, values[1] = other, ndcgs
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


def current_first(current: T, options: Iterable[T]) -> list[T]:
    """The current one, and the other options."""
    return [current, *(option for option in options if option != current)]


def weight_options(linear: Linear, start: float) -> list[Linear]:
    """The linear part with its weight β as set, and multiples of it."""
    betas = [start, *(times * start for times in linear.times)]
    return [linear.model_copy(update={"weight": beta}) for beta in betas]


def popularity_options(chosen: Present, now: Now) -> list[Present]:
    """The prior with each share of what was popular lately, and each half-life."""
    return [
        replace(chosen, share=share, half_life=days)
        for share in now.shares
        for days in (now.half_lives if share else now.half_lives[:1])
    ]


def age_options(chosen: Present, now: Now) -> list[Present]:
    """The prior with each weight of the items' age."""
    return [replace(chosen, age=age) for age in now.ages]
