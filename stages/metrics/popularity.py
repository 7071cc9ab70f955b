"""Popularity: how many training ratings the shown items have."""

import numpy as np

from stages.metrics.catalogue import EMPTY, Catalogue


def popularity(items: np.ndarray, catalogue: Catalogue) -> float:
    """Mean number of training ratings over all shown places.

    items: (users, k) item rows, EMPTY where a list is shorter. NaN where nothing is shown.
    Source: average recommendation popularity, Yin et al., Challenging the long tail
    recommendation, VLDB 2012.
    """
    shown = items[items != EMPTY]
    return float(catalogue.counts[shown].mean()) if len(shown) else float("nan")
