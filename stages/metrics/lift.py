"""Popularity lift: how much more popular the shown items are than those that users chose."""

import numpy as np

from stages.metrics.catalogue import EMPTY, Catalogue


def lift(items: np.ndarray, catalogue: Catalogue) -> float:
    """Mean popularity of the users' lists over that of their training items.

    Both are means over users of a mean over items. 1 means as popular as what users chose
    themselves, 2 means items with twice as many ratings. Users without a list or a training item
    are left out; NaN if that leaves nobody.
    items: (users, k) item rows, EMPTY where a list is shorter; a row per user of
    `catalogue.tastes`.
    Source: 1 + ΔGAP of Abdollahpouri et al., The unfairness of popularity bias in recommendation,
    RMSE at RecSys 2019.
    """
    if catalogue.tastes is None:
        return float("nan")
    shown = items != EMPTY
    counted = shown.any(axis=1) & ~np.isnan(catalogue.tastes)
    if not counted.any():
        return float("nan")
    totals = np.where(shown, catalogue.counts[items], 0).sum(axis=1)
    lists = totals[counted] / shown[counted].sum(axis=1)
    return float(lists.mean() / catalogue.tastes[counted].mean())
