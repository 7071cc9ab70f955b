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

from stages.linear.inverse import MOST_ITEMS
from stages.linear.kept import Weights
from stages.linear.regression import ridge_weights
from stages.train.fitting.data import TrainingData
from stages.train.fitting.order import OrderedRatings
from stages.train.models.e2ep.parts import Span

WINDOW = 10 / 3
"""How many times `past` back a rating still counts: by there it has faded to 4 %."""
LEAST = 3.0
"""The history fades over at least so many ratings, however short it is."""


def sequence_part(data: TrainingData, span: Span, most_items: int = MOST_ITEMS) -> Weights:
    """T (items, items) in float32; needs an order. most_items: that of the linear part."""
    return ridge_weights(*before_and_after(data, span), span.l2, most_items)


def before_and_after(data: TrainingData, span: Span) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """SᵀS and SᵀN, (items, items) each, without S and N, which have dozens of cells per rating.

    A pair of a user's ratings k places apart, with r ratings after the later one, adds to SᵀS

        Σ_m exp(−(2m + k)/past)    over 0 ≤ m ≤ r, m + k < WINDOW · past

    for each t that has both behind it, and to SᵀN, for each t between the two,

        Σ_d exp(−d/past) exp(−(k − d − 1)/next)    over 0 ≤ d < k, d < WINDOW · past, k − d ≤ next
    """
    ordered = OrderedRatings.of(data)
    window = int(np.ceil(WINDOW * span.past))
    before = after = sp.csr_matrix((data.n_items, data.n_items))
    for k in range(window + span.next):
        earlier, later = ordered.apart(k)
        ends = ordered.item[earlier], ordered.item[later]
        if k < window:
            fades = np.exp(-(2 * np.arange(window - k) + k) / span.past).cumsum()
            both = fades[np.minimum(ordered.later[later], window - k - 1)]
            pairs = sp.csr_matrix((both, ends), shape=before.shape)
            before = before + (pairs + pairs.T if k else pairs)
        d = np.arange(max(k - span.next, 0), min(k, window))
        between = np.exp(-d / span.past - (k - d - 1) / span.next).sum()
        if between:
            pairs = sp.csr_matrix((np.full(len(earlier), between), ends), shape=after.shape)
            after = after + pairs
    return before, after


def latest(own: TrainingData, past: float) -> np.ndarray:
    """How much each rating counts as what the user took up last, (ratings,): s_u of the score."""
    age = own.later
    return np.where(age < np.ceil(WINDOW * past), np.exp(-age / past), 0.0).astype(np.float32)


def faded_history(own: TrainingData, share: float) -> np.ndarray:
    """How much each rating counts in the linear part, (ratings,): exp(−age / span).

    span: `share` of the user's ratings, 3 at least. Without a share, or an order, all count 1.
    """
    if not share or own.nth is None:
        return np.ones(len(own.user), dtype=np.float32)
    known = np.bincount(own.user, minlength=own.n_users)[own.user]
    return np.exp(-own.later / np.maximum(share * known, LEAST)).astype(np.float32)
