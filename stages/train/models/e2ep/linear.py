"""e2ep's linear part: EASE (stages/train/models/ease.py) that also knows features and sequences.

    B = P(XᵀX + FFᵀ + S + μC) − P·diag(ν)   P = (XᵀX + FFᵀ + Λ)⁻¹, Λ_jj = l2 + growth·(XᵀX)_jj

X (users, items) are the grades, users balanced. growth is equivalent to dropout on X (Steck,
Autoencoders that don't overfit, NeurIPS 2020). The items' features F (items, columns) are further
rows of X (Jeunen et al., RecSys 2020). S (items, items) is added to the products that X has to
reproduce: it counts items rated in turn, that is within a few ratings of each other, as items of
one list, one evening or one mood are. ν is such that B_jj = 0.

μC is another use of the features, in the place of FFᵀ: B is drawn towards what they alone say
(stages/linear/alike.py). FFᵀ gives an item without ratings more weight; where all items have
some, μC may be better, so valid chooses (stages/train/models/e2ep/choices.py).
"""

import numpy as np
import scipy.sparse as sp

from stages.linear.alike import LowRank, alike
from stages.linear.kept import Weights
from stages.linear.regression import balanced, linear_weights
from stages.train.fitting.data import TrainingData, grade
from stages.train.fitting.order import OrderedRatings
from stages.train.models.e2ep.parts import Linear

WINDOW = 10
"""Places by time at which two ratings of a user still count as in turn."""
HELD_PAIRS = 20.0
"""m: shrinks items with few ratings towards 0."""


def linear_part(data: TrainingData, features: np.ndarray, settings: Linear) -> Weights:
    """B (items, items), or (0, 0) if there is no linear part; features: (items, columns)."""
    if not settings.weight:
        return np.zeros((0, 0), dtype=np.float32)
    values = grade(data.rating, settings.grades)  # (ratings,)
    known = directions(features)
    drawn = None
    if settings.drawn and known.shape[1]:
        left, right = alike(known)
        drawn = LowRank(settings.drawn * left, right)
    return linear_weights(
        balanced(data.matrix(values), settings.balance),
        settings.l2,
        settings.growth,
        settings.features**0.5 * known,
        settings.turns * in_turn(data, values),
        settings.most_items,
        settings.degree,
        settings.discount,
        drawn,
    )


def directions(features: np.ndarray) -> np.ndarray:
    """F: unit vectors of the features around their mean, so that FFᵀ is a cosine."""
    lengths = np.maximum(np.linalg.norm(features, axis=1, keepdims=True), 1e-12)
    return np.asarray(features / lengths - (features / lengths).mean(axis=0))


def in_turn(data: TrainingData, values: np.ndarray) -> sp.csr_matrix:
    """S (items, items), symmetric, for a value per rating; empty if no order is known.

    A pair in turn counts the product of its two values, S_ij, and less if both items are next to
    very many others: Ŝ_ij = S_ij · s̄ / √(s_i s_j) with s_i = m + Σ_j S_ij and s̄ the mean of s_i.
    """
    pairs = sp.csr_matrix((data.n_items, data.n_items))
    if data.nth is None:
        return pairs
    ordered = OrderedRatings.of(data)
    value = values[ordered.rows].astype(np.float64)
    for places in range(1, WINDOW + 1):
        earlier, later = ordered.apart(places)
        ends = ordered.item[later], ordered.item[earlier]
        pairs += sp.csr_matrix((value[later] * value[earlier], ends), shape=pairs.shape)
    pairs += pairs.T
    beside = HELD_PAIRS + np.asarray(pairs.sum(axis=1)).ravel()  # s: (items,)
    scale = sp.diags(beside**-0.5)
    return sp.csr_matrix(beside.mean() * (scale @ pairs @ scale))
