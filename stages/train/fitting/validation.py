"""NDCG@10 on a split's validation rows, which stops training and chooses settings."""

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp

from stages.core.errors import InputError
from stages.core.seeds import generator
from stages.metrics.ndcg import ndcg
from stages.train.fitting.candidates import chunked, masked, top_places
from stages.train.fitting.model import Validate

K = 10
MOST_USERS = 50_000
"""Of more, a sample is asked, whose mean differs from that of all by about .001."""


def validation_ndcg(relevant: sp.csr_matrix, seen: sp.csr_matrix, rankable: np.ndarray) -> Validate:
    """Return the validation of a score function: NDCG@10 of each user with a relevant item.

    relevant, seen: (users, items). rankable: (items,) bool. Of more than MOST_USERS such users, so
    many are drawn.
    """
    users = np.flatnonzero(np.diff(relevant.indptr))
    if not len(users):
        raise InputError(
            "no validation rating counts as liked, so nothing can be chosen on them; take another "
            "split or more data"
        )
    if len(users) > MOST_USERS:
        draw = generator(0, "validation users")
        users = np.sort(draw.choice(users, MOST_USERS, replace=False))
    parts = chunked(users, len(rankable))

    def of_part(score: Callable[[np.ndarray], np.ndarray], part: np.ndarray) -> np.ndarray:
        top = top_places(masked(score(part), seen[part], rankable), K)
        wanted = relevant[part]
        hits = np.asarray(wanted[np.arange(len(part))[:, None], top].todense()) > 0
        return ndcg(hits, np.diff(wanted.indptr))

    def validate(score: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        return np.concatenate([of_part(score, part) for part in parts])

    return validate
