"""Novelty: how surprising the shown items are to someone who knows what is popular."""

import numpy as np

from stages.metrics.catalogue import EMPTY, Catalogue


def novelty(items: np.ndarray, catalogue: Catalogue) -> float:
    """Mean of −log₂((c+1)/(U+1)) over all shown places, c an item's training ratings, U the users.

    items: (users, k) item rows, EMPTY where a list is shorter. NaN where nothing is shown.
    The +1 keeps an item without ratings finite; an item that everybody rated has novelty 0.
    Source: Zhou et al., Solving the apparent diversity-accuracy dilemma of recommender
    systems, PNAS 2010.
    """
    shown = items[items != EMPTY]
    surprise = -np.log2((catalogue.counts + 1) / (catalogue.n_users + 1))
    return float(surprise[shown].mean()) if len(shown) else float("nan")
