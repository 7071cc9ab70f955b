"""The list to explain: the top k after fusion, with scores and places before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stages.contracts.fusion import PAPER_WEIGHT, fused_order
from stages.core.groups import runs

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RankedItem:
    """One recommended item: its row, score and place in the graph's order, and judge's value."""

    item_row: int
    graph_score: float
    graph_place: int
    value: float


def explained_lists(
    candidates: "pd.DataFrame", judged: "pd.DataFrame", k: int, weight: float = PAPER_WEIGHT
) -> Iterator[tuple[int, list[RankedItem]]]:
    """User row and the fused top k of each judged user, best first."""
    rows = judged.merge(candidates[["user_row", "item_row", "score"]], on=["user_row", "item_row"])
    ordered = rows.sort_values(["user_row", "place"])
    for user, pool_rows in runs(ordered["user_row"].to_numpy()):
        pool = ordered.iloc[pool_rows]
        order = fused_order(pool["value"].to_numpy(dtype=np.float64), weight)[:k]
        best = pool.iloc[order]
        columns = (best[name].tolist() for name in ("item_row", "score", "place", "value"))
        yield user, [RankedItem(*values) for values in zip(*columns, strict=True)]
