"""Every metric by its key; adding one is a file and a line here.

ACCURACY takes hits (users, k) bool and relevant (users,) int, and gives a value per user. BEYOND
takes the shown item rows (users, k), EMPTY for a user who is not counted, and the catalogue, and
gives one number.
"""

from collections.abc import Callable

import numpy as np

from stages.metrics.average_precision import average_precision
from stages.metrics.catalogue import Catalogue
from stages.metrics.coverage import coverage
from stages.metrics.diversity import diversity
from stages.metrics.f1 import f1
from stages.metrics.gini import gini
from stages.metrics.hit import hit
from stages.metrics.lift import lift
from stages.metrics.miscalibration import miscalibration
from stages.metrics.ndcg import ndcg
from stages.metrics.novelty import novelty
from stages.metrics.popularity import popularity
from stages.metrics.precision import precision
from stages.metrics.recall import recall
from stages.metrics.reciprocal_rank import reciprocal_rank

Accuracy = Callable[[np.ndarray, np.ndarray], np.ndarray]
Beyond = Callable[[np.ndarray, Catalogue], float]

ACCURACY: dict[str, Accuracy] = {
    "precision": precision,
    "recall": recall,
    "ndcg": ndcg,
    "map": average_precision,
    "mrr": reciprocal_rank,
    "hit": hit,
    "f1": f1,
}
BEYOND: dict[str, Beyond] = {
    "coverage": coverage,
    "novelty": novelty,
    "popularity": popularity,
    "lift": lift,
    "gini": gini,
    "ild": diversity,
    "miscalibration": miscalibration,
}
