"""Named splits, in families; each cuts the ratings into train, valid and test."""

from dataclasses import dataclass

from stages.contracts.splits import NEXT
from stages.contracts.times import require_order
from stages.prepare.params import PrepareParams
from stages.prepare.rows import Tables
from stages.prepare.splits.cold_items import cut_cold_items
from stages.prepare.splits.cold_users import cut_cold_users
from stages.prepare.splits.folds import cut_fold
from stages.prepare.splits.given import cut_given
from stages.prepare.splits.global_moment import cut_global
from stages.prepare.splits.last import cut_last
from stages.prepare.splits.new_users import cut_new_users
from stages.prepare.splits.next import cut_next
from stages.prepare.splits.parts import Cut
from stages.prepare.splits.temporal import cut_temporal


@dataclass(frozen=True)
class SplitSource:
    """What every family cuts from.

    timestamps: whether times are known. ordered: whether each user's order is, without times.
    """

    tables: Tables
    params: PrepareParams
    seed: int
    timestamps: bool
    ordered: bool = False


def cut(name: str, source: SplitSource) -> Cut:
    """Cut the split `name`; every rating is in exactly one part."""
    family, _, number = name.rpartition("-")
    ratings, params, seed = source.tables.ratings, source.params, source.seed
    if family == "fold":
        return cut_fold(ratings, int(number), params, seed, source.tables.official_tests.get(name))
    if family == "cold-users":
        return cut_cold_users(ratings, int(number), params, seed, source.timestamps)
    if family == "cold-items":
        return cut_cold_items(ratings, len(source.tables.movies), int(number), params, seed)
    if family == "new-users":
        return cut_new_users(ratings, int(number), params, seed)
    if name == "given":
        return cut_given(ratings, params, seed)
    if name == NEXT:
        return cut_next(ratings, params, seed)
    require_order(name, source.timestamps, source.ordered)
    if name == "last":
        return cut_last(ratings)
    return cut_global(ratings, params) if name == "global" else cut_temporal(ratings, params)
