"""Gini index: how unequally the places are shared among the items."""

import numpy as np

from stages.metrics.catalogue import Catalogue, shown_counts


def gini(items: np.ndarray, catalogue: Catalogue) -> float:
    """Σ (2i − n − 1)·x_i / (n·Σx) over the n items of the catalogue, i = 1…n.

    x_i: how often items are shown, ascending; items never shown count. 0 where all are shown
    equally often, 1 − 1/n where one item takes every place.
    items: (users, k) item rows, EMPTY where a list is shorter. NaN where nothing is shown.
    Source: Fleder and Hosanagar, Blockbuster culture's next rise or fall,
    Management Science 2009.
    """
    counts = np.sort(shown_counts(items, catalogue))
    n, total = len(counts), counts.sum()
    weights = 2 * np.arange(1, n + 1) - n - 1
    return float((weights * counts).sum() / (n * total)) if total else float("nan")
