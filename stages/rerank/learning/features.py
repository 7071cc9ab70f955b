"""What is known of a candidate besides the base's score, as numbers.

Each feature is (rows,) and relative to the user's own pool: its mean there is 0 and its standard
deviation 1. Each also stands multiplied by the user's activity, so that what matters for a user
with a few ratings need not matter for one with hundreds. NOT_ARRIVED alone is a plain flag.
"""

from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from stages.contracts.beyond.genres import history_shares, item_shares
from stages.contracts.items import ProfiledItems
from stages.contracts.scale import NEGATIVE, POSITIVE
from stages.linear.inverse import inverted, products, regressions
from stages.rerank.known import Pools
from stages.rerank.learning.products import Products

if TYPE_CHECKING:
    import pandas as pd

NOT_ARRIVED = "not arrived"
"""Set for an item that nobody had rated before the user's last rating, else 0."""
_MOST_ITEMS = 5000
"""With more items no matrix items × items is inverted."""
_L2, _SHRINK = 300.0, 5.0
_FLOOR = 0.02
_ROUNDING = 1e-9
_DAY = 86400.0
_FLAG = 10.0
"""A flag that is set is this, so that a fit hardly holds its weight back."""


def features_of(pools: Pools, catalogue: ProfiledItems, n_users: int) -> dict[str, np.ndarray]:
    """Name → (rows,), standardised in each pool but for NOT_ARRIVED, which needs times."""
    rows = Ratings(pools.rated, (n_users, len(catalogue.items)))
    raw = {**pools.parts, **rows.counts(pools), **rows.models(pools)}
    raw["genres"] = _genres(pools, rows.liked, catalogue, n_users)
    arrival = rows.arrival(pools)
    raw |= {name: value for name, value in arrival.items() if name != NOT_ARRIVED}
    relative = {name: within_pools(pools.user, value) for name, value in raw.items()}
    activity = np.log1p(rows.given)[pools.user]
    spread = activity.std()
    activity = (activity - activity.mean()) / spread if spread else np.zeros(len(activity))
    by_activity = {f"{name} by activity": activity * value for name, value in relative.items()}
    flags = {name: value for name, value in arrival.items() if name == NOT_ARRIVED}
    return relative | by_activity | flags


def within_pools(user: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values less their mean in the user's pool, by their standard deviation there; (rows,).

    A deviation that is rounding alone counts as none.
    """
    n = np.maximum(np.bincount(user), 1)
    apart = values - (np.bincount(user, values) / n)[user]
    spread = np.sqrt(np.bincount(user, apart**2) / n)[user]
    some = spread > _ROUNDING * np.abs(values).max(initial=0.0)
    return np.asarray(np.where(some, apart / np.where(some, spread, 1.0), 0.0))


class Ratings:
    """The ratings that are known of each user, as sparse matrices (users, items).

    What is known of items (counts, means, arrivals, neighbours) is of the ratings that the base was
    fitted on alone.
    """

    def __init__(self, rated: "pd.DataFrame", shape: tuple[int, int]) -> None:
        names = ("user_row", "item_row", "rating", "timestamp", "fitted")
        user, item, rating, time, fitted = (rated[name].to_numpy() for name in names)
        self.user, self.item, self.time, self.fitted = user, item, time, fitted
        rating = rating.astype(np.float64)

        def matrix(values: np.ndarray, kept: np.ndarray) -> sp.csr_matrix:
            return sp.csr_matrix((values[kept], (user[kept], item[kept])), shape)

        ones, everything = np.ones(len(user)), np.ones(len(user), dtype=bool)
        self.any = matrix(ones, everything)
        self.any_fitted = matrix(ones, fitted)
        self.liked = matrix(ones, rating >= POSITIVE)
        self.disliked = matrix(ones, rating <= NEGATIVE)
        self.given = np.bincount(user, minlength=shape[0])
        self.got = np.bincount(item[fitted], minlength=shape[1])
        # Means of users and items, held to the mean of all as if by a few ratings more
        middle = rating[fitted].mean() if fitted.any() else 0.0
        of_user, self.mean = (
            (np.bincount(of[some], rating[some], size) + _SHRINK * middle) / (count + _SHRINK)
            for of, size, count, some in (
                (user, shape[0], self.given, everything),
                (item, shape[1], self.got, fitted),
            )
        )
        above = rating - of_user[user] - self.mean[item] + middle
        self.above, self.above_fitted = matrix(above, everything), matrix(above, fitted)

    def counts(self, pools: Pools) -> dict[str, np.ndarray]:
        """How often and how well an item was rated."""
        return {"ratings": np.log1p(self.got)[pools.item], "mean": self.mean[pools.item]}

    def models(self, pools: Pools) -> dict[str, np.ndarray]:
        """What an item's neighbours and two linear models in closed form say."""
        counts = sp.csr_matrix(self.any_fitted.T @ self.any_fitted)  # (items, items)
        scale = sp.diags((self.got + _SHRINK) ** -0.5)
        near = sp.csr_matrix(scale @ (counts - sp.diags(counts.diagonal())) @ scale)
        factors: dict[str, tuple[sp.csr_matrix, np.ndarray | sp.csr_matrix]] = {
            "neighbours": (self.any, near)
        }
        if counts.shape[0] <= _MOST_ITEMS:
            # How a dislike of other items speaks for this one, and how a rating above the mean does
            for name, rows, fitted in (
                ("disliked", self.disliked, self.any_fitted),
                ("above", self.above, self.above_fitted),
            ):
                weights = regressions(inverted(products(fitted, _L2)))  # (items, items)
                factors[name] = rows, weights
        return Products(pools.user, pools.item, factors).values()

    def arrival(self, pools: Pools) -> dict[str, np.ndarray]:
        """How long an item has been there, and whether the user was there to rate it."""
        known = self.time > 0
        dated = known & self.fitted
        if not dated.any():
            return {}
        first, last = np.full(len(self.got), np.inf), np.full(len(self.given), np.inf)
        np.minimum.at(first, self.item[dated], self.time[dated].astype(np.float64))
        last[np.unique(self.user[known])] = 0.0
        np.maximum.at(last, self.user[known], self.time[known].astype(np.float64))
        now = float(self.time[dated].max())
        age = np.maximum(now - np.minimum(first, now), 0.0) / _DAY
        # An item or a user without a known time has arrived, or was there
        late = (first[pools.item] > last[pools.user]) & np.isfinite(first[pools.item])
        return {"age": np.log1p(age)[pools.item], NOT_ARRIVED: _FLAG * late}


def _genres(
    pools: Pools, liked: sp.csr_matrix, catalogue: ProfiledItems, n_users: int
) -> np.ndarray:
    """How much more often the user likes the item's genres than all items have them, in logs."""
    has = item_shares([item.genres for item in catalogue.items])  # (items, genres)
    users, items = liked.nonzero()
    mine = history_shares(users, items, has, n_users)  # (users, genres)
    lift = np.log((mine + _FLOOR) / (has.mean(axis=0) + _FLOOR))
    return np.asarray((has[pools.item] * lift[pools.user]).sum(axis=1))
