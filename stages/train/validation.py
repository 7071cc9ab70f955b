"""NDCG@10 on the validation rows of a split, the one number that stops training and chooses settings."""

from collections.abc import Callable

import numpy as np
import scipy.sparse as sp

from stages.core.errors import InputError
from stages.metrics.ndcg import ndcg
from stages.train.candidates import masked, top_places
from stages.train.model import Validate

K = 10


def validation_ndcg(relevant: sp.csr_matrix, seen: sp.csr_matrix, rankable: np.ndarray) -> Validate:
    """A function of a score function: mean NDCG@10 over users with a relevant validation item.

    relevant, seen: (users, items). rankable: (items,) bool.
    """
    users = np.flatnonzero(np.diff(relevant.indptr))
    if not len(users):
        raise InputError(
            "no validation rating is 4 or more, so nothing can be chosen on them; take another split or more data"
        )
    wanted = relevant[users].toarray() > 0

    def validate(score: Callable[[np.ndarray], np.ndarray]) -> float:
        top = top_places(masked(score(users), seen[users], rankable), K)
        hits = np.take_along_axis(wanted, top, axis=1)
        return float(ndcg(hits, wanted.sum(axis=1)).mean())

    return validate
