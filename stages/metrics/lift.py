"""Popularity lift: how much more popular the shown movies are than those that the users chose themselves."""

import numpy as np

from stages.metrics.catalogue import EMPTY, Catalogue


def lift(items: np.ndarray, catalogue: Catalogue) -> float:
    """Mean popularity of a user's list over mean popularity of his training items, both averaged over users.

    items: (users, k) item rows, EMPTY where a list is shorter; a row for each user of `catalogue.tastes`. Left out are
    users without a list or a training item; NaN where that leaves nobody. 1 keeps to the users' own taste for the
    popular, 2 shows movies with twice as many ratings.
    Source: 1 + ΔGAP of Abdollahpouri et al., The unfairness of popularity bias in recommendation, RMSE at RecSys 2019.
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
