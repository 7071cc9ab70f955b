"""The paper's protocol (PAPER §5): items of the top k without a test rating are dropped.

Its values are high because unrated items, most of any list, never count as misses. A user enters a
mean only if the metric is defined for them, so each mean is over different users.
"""

import numpy as np

from stages.evaluate.protocols.truth import Marked
from stages.metrics.average_precision import precision_at_hits
from stages.metrics.f1 import harmonic_mean
from stages.metrics.hit import hit
from stages.metrics.ndcg import ndcg
from stages.metrics.recall import recall
from stages.metrics.reciprocal_rank import reciprocal_rank


def condensed(lists: Marked, k: int) -> dict[str, np.ndarray]:
    """The accuracy metrics at k on condensed lists, (users,) each, NaN for uncounted users.

    precision: hits / length of the condensed list; users with a condensed list that is not empty.
    recall: hits / relevant; users with a relevant item.
    ndcg: at the renumbered places, ideal min(k, relevant) hits on top; users with both.
    map: Σ (hits so far / renumbered place) at each hit, divided by relevant; users with a hit.
    mrr, hit, f1: not worded by the paper; at the renumbered places, users as for ndcg.
    """
    hits, lengths, relevant = condense(lists, k)
    listed, liking = lengths > 0, lists.relevant > 0
    shares = hits.sum(axis=1) / np.maximum(lengths, 1)
    values = {
        "precision": (shares, listed),
        "recall": (recall(hits, relevant), liking),
        "ndcg": (ndcg(hits, relevant), listed & liking),
        "map": (precision_at_hits(hits) / np.maximum(relevant, 1), hits.any(axis=1)),
        "mrr": (reciprocal_rank(hits, relevant), listed & liking),
        "hit": (hit(hits, relevant), listed & liking),
        "f1": (harmonic_mean(shares, recall(hits, relevant)), listed & liking),
    }
    return {name: np.where(counted, value, np.nan) for name, (value, counted) in values.items()}


def condense(lists: Marked, k: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hits at the renumbered places (users, k), lengths of the condensed lists and relevant items.

    The latter two are (users,) each.
    """
    rated = lists.rated[:, :k]
    order = np.argsort(~rated, axis=1, kind="stable")
    return np.take_along_axis(lists.liked[:, :k], order, axis=1), rated.sum(axis=1), lists.relevant
