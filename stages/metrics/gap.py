"""Gap: how much better a ranking is for the group of users that it serves best."""

from collections.abc import Iterable

import numpy as np


def gap(values: np.ndarray, groups: Iterable[np.ndarray]) -> float:
    """The highest mean of a group less the lowest.

    values: (users,), such as NDCG, NaN for a user who is not counted. groups: (users,) bool each; a
    group that counts nobody is left out. NaN with fewer than two groups. Small groups differ by
    chance too, so 0 is no value to expect.
    Source: the difference of quality between groups of users by age and gender, Ekstrand et al.,
    All the cool kids, how do they fit in?, FAT* 2018; for two groups, UGF of Li et al.,
    User-oriented fairness in recommendation, WWW 2021.
    """
    counted = ~np.isnan(values)
    means = [values[group & counted].mean() for group in groups if (group & counted).any()]
    return float(max(means) - min(means)) if len(means) > 1 else float("nan")
