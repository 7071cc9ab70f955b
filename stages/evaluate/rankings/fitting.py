"""The fusion weight that is best on validation rows; 0 means that the judge is ignored."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stages.evaluate.rankings.pairs import Pairs
from stages.evaluate.rankings.pool import Pool, fused, onto
from stages.evaluate.rankings.ranking import first
from stages.metrics.ndcg import ndcg

GRID = tuple(step / 20 for step in range(21))
ALL_OR_NOTHING = (0.0, 1.0)
"""The weights of a computed strategy: its order is taken as a whole, or not."""
_K = 10


@dataclass(frozen=True)
class Fit:
    """The chosen weight, and the validation NDCG@10 at each weight of the grid."""

    weight: float
    ndcg: dict[float, float]


def fitted(base: np.ndarray, pool: Pool, liked: Pairs, weights: Sequence[float] = GRID) -> Fit:
    """The weight with the highest mean NDCG@10 on validation rows, the smallest of equals.

    base, pool: the candidates of the model that was fitted on train alone, and their judged pool.
    liked: validation pairs rated 4 or more. The mean is over users with such a pair; if there are
    none, the weight is 0. Test rows are not involved.
    """
    relevant = np.bincount(liked.keys // liked.n_items, minlength=len(base))
    users = np.flatnonzero(relevant)
    values = {
        weight: _mean_ndcg(onto(base, fused(pool, weight)), liked, relevant, users)
        for weight in weights
    }
    best = max(values.values())
    return Fit(min(weight for weight, value in values.items() if value == best), values)


def _mean_ndcg(ranking: np.ndarray, liked: Pairs, relevant: np.ndarray, users: np.ndarray) -> float:
    hits = liked.in_lists(first(ranking, _K))[users]
    return round(float(ndcg(hits, relevant[users]).mean()), 12) if len(users) else 0.0
