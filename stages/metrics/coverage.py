"""Catalogue coverage: how much of the catalogue anybody gets to see."""

import numpy as np

from stages.metrics.catalogue import Catalogue, shown_counts


def coverage(items: np.ndarray, catalogue: Catalogue) -> float:
    """The share of the catalogue's items that are in at least one list.

    items: (users, k) item rows, EMPTY where a list is shorter.
    Source: Ge, Delgado-Battenfeld and Jannach, Beyond accuracy, RecSys 2010.
    """
    return float((shown_counts(items, catalogue) > 0).mean())
