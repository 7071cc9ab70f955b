"""Which films are rated in turn, within a few ratings of each other: those of one list, one evening, one mood.

A pair counts the product of its two values, S_ij, and less where both films stand beside very many:

    Ŝ_ij = S_ij · s̄ / √(s_i s_j),  s_i = m + Σ_j S_ij,  s̄ = mean of s_i
"""

import numpy as np
import scipy.sparse as sp

from stages.train.fitting.data import TrainingData

WINDOW = 10
"""Places by time at which two ratings of a user still count as in turn."""
HELD = 20.0
"""m: holds films with few ratings back."""


def in_turn(data: TrainingData, values: np.ndarray) -> sp.csr_matrix:
    """Ŝ for a value of each rating: (items, items), symmetric; empty where no order of the ratings is known."""
    pairs = sp.csr_matrix((data.n_items, data.n_items))
    if data.nth is None:
        return pairs
    order = np.lexsort((data.nth, data.user))
    user, item, value = data.user[order], data.item[order], values[order].astype(np.float64)
    for apart in range(1, WINDOW + 1):
        both = user[apart:] == user[:-apart]
        cells = (
            value[apart:][both] * value[:-apart][both],
            (item[apart:][both], item[:-apart][both]),
        )
        pairs += sp.csr_matrix(cells, shape=pairs.shape)
    pairs += pairs.T
    beside = HELD + np.asarray(pairs.sum(axis=1)).ravel()
    held = sp.diags(beside**-0.5)
    return sp.csr_matrix(beside.mean() * (held @ pairs @ held))
