"""calibrated: the list has genres in the shares of what the user liked.

The order is in stages/contracts/beyond/calibrated.py; metrics/<dataset>/trade_offs.csv has what
each value of the knob costs and brings.
"""

import numpy as np
from pydantic import Field

from stages.contracts.beyond.calibrated import calibrated_order
from stages.contracts.beyond.genres import history_shares, item_shares
from stages.contracts.scale import POSITIVE
from stages.core.errors import InputError
from stages.rerank.computed import ComputedStrategy, PoolValues
from stages.rerank.known import Known, Pools
from stages.rerank.matrices import in_matrices
from stages.rerank.strategy import PoolConfig


class Config(PoolConfig):
    """The knob, and what there is to choose from."""

    pool: int = Field(100, ge=2, le=100)
    """How many of the base model's first candidates the list is chosen from."""

    knob: float = Field(0.5, ge=0, le=1)
    """0 keeps the base's order, 1 looks at genres alone. The value set costs about one per cent of
    NDCG@10 on the validation rows of MovieLens 100K."""


class Calibrated(ComputedStrategy):
    """Steck's calibrated recommendations."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self.knob = config.knob

    def values(self, known: Known) -> PoolValues:
        shares = item_shares([item.genres for item in known.catalogue.items])
        if not shares.shape[1]:
            raise InputError(
                "calibrated needs genres, and no item has any; take it out of strategies in "
                "params.yaml, or give the items a column of genres"
            )
        return PoolValues(*(self._values(pools, shares) for pools in (known.valid, known.test)))

    def _values(self, pools: Pools, shares: np.ndarray) -> np.ndarray:
        likes = pools.rated[pools.rated["rating"] >= POSITIVE]
        users, items = (likes[name].to_numpy() for name in ("user_row", "item_row"))
        known = np.unique(pools.user)
        n_users = int(max(users.max(initial=-1), known.max(initial=-1))) + 1
        history = history_shares(users, items, shares, n_users)[known]
        return in_matrices(
            pools,
            lambda pool, scores: calibrated_order(pool, scores, shares, history, self.knob),
        )


STRATEGY = Calibrated
