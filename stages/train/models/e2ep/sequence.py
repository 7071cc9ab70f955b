"""e2ep's sequence part: what people take up after what they took up last, in closed form.

For each rating t of each user, S (ratings, items) holds the user's ratings up to it and N (ratings,
items) those after it, both fading with the distance in places d:

    S_t = Σ_{d ≥ 0} exp(−d/past) e_{item of t − d}        d < WINDOW · past
    N_t = Σ_{d ≥ 1} exp(−(d − 1)/next) e_{item of t + d}  d ≤ next

T (items, items) is the ridge regression of N on S: the minimum of ‖ST − N‖² + λ‖T‖², where the
derivative Sᵀ(ST − N) + λT is zero,

    T = (SᵀS + λI)⁻¹ SᵀN

It is the linear item transition of SLIST (Choi et al., Session-aware linear item-item models for
session-based recommendation, WWW 2021), over all positions. Each rating counts 1 whatever its
grade: what people take up next follows what they took up, liked or not.
"""

import numpy as np
import scipy.sparse as sp

from stages.train.fitting.data import TrainingData
from stages.train.linear.inverse import MOST_ITEMS
from stages.train.linear.kept import Weights
from stages.train.linear.regression import ridge_weights
from stages.train.models.e2ep.settings import Span

WINDOW = 10 / 3
"""How many times `past` back a rating still counts: by there it has faded to 4 %."""
LEAST = 3.0
"""The history fades over at least so many ratings, however short it is."""


def sequence_part(data: TrainingData, span: Span, most_items: int = MOST_ITEMS) -> Weights:
    """T (items, items) in float32; needs an order. most_items: that of the linear part."""
    return ridge_weights(*before_and_after(data, span), span.l2, most_items)


def before_and_after(data: TrainingData, span: Span) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """S and N, (ratings, items) each, rows by user and place in time."""
    assert data.nth is not None
    order = np.lexsort((data.nth, data.user))
    user, item = data.user[order], data.item[order]
    n, shape = len(order), (len(order), data.n_items)

    def faded(places: range, over: float, ahead: int) -> sp.csr_matrix:
        """Ones at the items so many places behind (or ahead), fading with the place."""
        total = sp.csr_matrix(shape)
        for d in places:
            first, last = np.arange(max(n - d, 0)), np.arange(d, n)
            row, at = (first, last) if ahead else (last, first)
            same = user[row] == user[at]
            fade = np.full(int(same.sum()), np.exp(-(d - ahead) / over))
            total += sp.csr_matrix((fade, (row[same], item[at[same]])), shape=shape)
        return total

    window = int(np.ceil(WINDOW * span.past))
    return (
        faded(range(window), span.past, 0),
        faded(range(1, span.next + 1), span.next, 1),
    )


def latest(own: TrainingData, past: float) -> np.ndarray:
    """How much each rating counts as what the user took up last, (ratings,): s_u of the score."""
    age = age_in_ratings(own)
    return np.where(age < np.ceil(WINDOW * past), np.exp(-age / past), 0.0).astype(np.float32)


def faded_history(own: TrainingData, share: float) -> np.ndarray:
    """How much each rating counts in the linear part, (ratings,): exp(−age / span).

    span: `share` of the user's ratings, 3 at least. Without a share, or an order, all count 1.
    """
    if not share or own.nth is None:
        return np.ones(len(own.user), dtype=np.float32)
    known = np.bincount(own.user, minlength=own.n_users)[own.user]
    return np.exp(-age_in_ratings(own) / np.maximum(share * known, LEAST)).astype(np.float32)


def age_in_ratings(own: TrainingData) -> np.ndarray:
    """How many ratings each user made after each of theirs, (ratings,)."""
    assert own.nth is not None
    return np.asarray(np.bincount(own.user, minlength=own.n_users)[own.user] - 1 - own.nth)
