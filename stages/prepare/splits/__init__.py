"""Named splits, in families; each cuts the ratings into train, valid and test."""

from dataclasses import dataclass

from stages.core.errors import ParamError
from stages.prepare.params import PrepareParams
from stages.prepare.rows import Tables
from stages.prepare.splits.cold_items import cut_cold_items
from stages.prepare.splits.cold_users import cut_cold_users
from stages.prepare.splits.folds import cut_fold
from stages.prepare.splits.parts import Cut
from stages.prepare.splits.temporal import cut_temporal


@dataclass(frozen=True)
class SplitSource:
    """What every family cuts from; `timestamps` says whether times are known."""

    tables: Tables
    params: PrepareParams
    seed: int
    timestamps: bool


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
    if not source.timestamps:
        raise ParamError(
            "splits in params.yaml names 'temporal', but this data set's times are missing; "
            "use fold-1 … 5"
        )
    return cut_temporal(ratings, params)
