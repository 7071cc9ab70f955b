"""learned: a ranker of what is known of a candidate, fitted on validation rows.

    score_ui = base_ui + ω · Σ_f w_f x_uif

base: the base's score; x: features of the candidate, relative to the pool and by the user's
activity (stages/rerank/learning/features.py); w: from pairs of a candidate that the user liked in
valid and one that they did not, weighted by what their exchange changes in NDCG@10
(stages/rerank/learning/ranker.py). All users are divided into folds. Those of a fold are ranked by
w and ω of the others: ω, and whether only the items' arrival counts, is chosen on rankings of those
others by rankers that know neither them nor the fold. It is 1 for the arrival, ¼ for all features,
and 0 unless one of them is clearly better than the base (stages/rerank/learning/crossing.py).
"""

import numpy as np
from pydantic import Field

from stages.contracts.scale import POSITIVE
from stages.core.log import aside
from stages.core.seeds import generator
from stages.rerank.computed import ComputedStrategy, PoolValues, order_values
from stages.rerank.known import Known, Pools
from stages.rerank.learning.crossing import CrossedFits
from stages.rerank.learning.features import NOT_ARRIVED, features_of
from stages.rerank.learning.ranker import pairs_of
from stages.rerank.strategy import PoolConfig

_MOST_LEARNERS = 5000
"""Users whose pairs are used."""
_SEEN = "learned keeps the base's order: published profiles have seen the validation rows"


class Config(PoolConfig):
    """Sizes, chosen on the validation rows of MovieLens 100K."""

    pool: int = Field(50, ge=2, le=100)
    """How many of the base model's first candidates are reranked."""

    folds: int = Field(5, ge=3)
    """How many parts the users are divided into."""


class LearnedOrder(ComputedStrategy):
    """A linear ranker per fold of users."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.folds = config.folds

    def values(self, known: Known) -> PoolValues:
        if known.seen:
            aside(_SEEN)
            base = (order_values(pools, -pools.place) for pools in (known.valid, known.test))
            return PoolValues(*base)
        n_users = len(known.users)
        on_valid, at_test = (
            features_of(pools, known.catalogue, n_users) for pools in (known.valid, known.test)
        )
        names = [name for name in on_valid if name in at_test]
        valid, test = (
            np.stack([relative_score(pools), *(made[name] for name in names)], axis=1)
            for pools, made in ((known.valid, on_valid), (known.test, at_test))
        )  # (rows, 1 + features)
        every = tuple(range(1, len(names) + 1))
        arrival = tuple(column for column in every if names[column - 1] == NOT_ARRIVED)
        draw = generator(known.seed, "rerank", "learned").permutation(n_users)
        fits = self._fits(known, valid, draw, [each for each in (arrival, every) if each])
        scores = valid[:, 0].copy(), test[:, 0].copy()
        for fold in range(self.folds):
            weights = fits.correction(fits.choice(fold), frozenset({fold}))
            for side, pools, made in zip(
                scores, (known.valid, known.test), (valid, test), strict=True
            ):
                rows = fits.fold[pools.user] == fold
                side[rows] += made[rows] @ weights
        return PoolValues(order_values(known.valid, scores[0]), order_values(known.test, scores[1]))

    def _fits(
        self, known: Known, features: np.ndarray, draw: np.ndarray, sets: list[tuple[int, ...]]
    ) -> CrossedFits:
        pools, labels = known.valid, known.labels
        n_users, n_items = len(known.users), len(known.catalogue.items)
        liked = labels[labels["rating"] >= POSITIVE]
        likes = np.bincount(liked["user_row"], minlength=n_users)
        keys = liked["user_row"].to_numpy(dtype=np.int64) * n_items + liked["item_row"].to_numpy()
        relevant = np.isin(pools.user.astype(np.int64) * n_items + pools.item, keys)
        pairs = pairs_of(pools.user, pools.place, relevant, likes)
        learning = np.unique(pairs.user)
        learners = np.zeros(n_users, dtype=bool)
        learners[learning[np.argsort(draw[learning])[:_MOST_LEARNERS]]] = True
        return CrossedFits(
            features,
            pools.user,
            pools.place,
            relevant,
            likes,
            fold=draw % self.folds,
            learners=learners,
            pairs=pairs,
            sets=sets,
        )


def relative_score(pools: Pools) -> np.ndarray:
    """The base's score less its mean in each pool, with a standard deviation of 1 over all rows."""
    n = np.maximum(np.bincount(pools.user), 1)
    apart = pools.score - (np.bincount(pools.user, pools.score) / n)[pools.user]
    return np.asarray(apart / (apart.std() or 1.0)) if len(apart) else apart


STRATEGY = LearnedOrder
