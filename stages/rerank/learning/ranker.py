"""A linear ranker of pools, fitted on pairs of a relevant candidate and another."""

from dataclasses import dataclass

import numpy as np

from stages.core.groups import runs

DEPTH = 10
"""k of the NDCG@k whose change weighs a pair."""
L2 = 0.003
_LEAST = 0.03
"""The base's own weight is at least this, so that the others are not blown up."""


@dataclass(frozen=True)
class PairsOfRows:
    """Rows of a relevant candidate and of another of the same user, and what their exchange counts.

    better, worse: (pairs,) rows; weight: (pairs,); user: (pairs,).
    """

    better: np.ndarray
    worse: np.ndarray
    weight: np.ndarray
    user: np.ndarray


def pairs_of(
    user: np.ndarray, place: np.ndarray, relevant: np.ndarray, likes: np.ndarray
) -> PairsOfRows:
    """All pairs whose exchange in the base's order changes NDCG@10, weighted by that change.

    user, place, relevant: (rows,), by user; likes: (users,), how many relevant items there are, in
    the pool or not. Source of the weight: Burges, From RankNet to LambdaRank to LambdaMART, 2010.
    """
    gain = np.where(place < DEPTH, 1 / np.log2(place + 2.0), 0.0)
    ideal = np.cumsum(1 / np.log2(np.arange(DEPTH) + 2.0))
    parts = [np.empty((4, 0))]
    for who, rows in runs(user):
        good = rows.start + np.flatnonzero(relevant[rows])
        bad = rows.start + np.flatnonzero(~relevant[rows])
        better, worse = np.repeat(good, len(bad)), np.tile(bad, len(good))
        change = np.abs(gain[better] - gain[worse]) / ideal[min(max(likes[who], 1), DEPTH) - 1]
        some = change > 0
        whose = np.full(some.sum(), who)
        parts.append(np.stack([better[some], worse[some], change[some], whose]))
    better, worse, weight, whose = np.concatenate(parts, axis=1)
    return PairsOfRows(better.astype(int), worse.astype(int), weight, whose.astype(int))


def weights_of_pairs(features: np.ndarray, pairs: PairsOfRows, users: np.ndarray) -> np.ndarray:
    """Weights (columns,) that tell the better of each pair, relative to the first column's weight.

    features: (rows, columns), the base's score first; users: (users,) bool, whose pairs are used.
    Logistic regression on differences, Σ_p c_p log(1 + exp(−w · (x_better − x_worse))) + λ/2 |w|².
    """
    from sklearn.linear_model import LogisticRegression

    used = users[pairs.user]
    if not used.any():
        return np.zeros(features.shape[1])
    apart = features[pairs.better[used]] - features[pairs.worse[used]]  # (pairs, columns)
    weight = pairs.weight[used] / pairs.weight[used].sum()
    # Each pair also the other way round, as either class is needed
    model = LogisticRegression(C=1 / L2, fit_intercept=False, max_iter=300)
    model.fit(
        np.concatenate([apart, -apart]),
        np.repeat([1, 0], len(apart)),
        np.concatenate([weight, weight]) / 2,
    )
    own = model.coef_[0]
    return np.concatenate([[0.0], own[1:] / max(own[0], _LEAST)])
