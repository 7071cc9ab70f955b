"""Which list is explained: the fused top of the pool."""

import pandas as pd
import pytest

from stages.explain.lists import RankedItem, explained_lists

JUDGED = pd.DataFrame(
    {
        "user_row": [1, 0, 0, 0],
        "item_row": [4, 7, 8, 9],
        "place": [0, 0, 1, 2],
        "value": [1.0, 0.0, 0.5, 1.0],
    }
)
CANDIDATES = pd.DataFrame(
    {
        "user_row": [0, 0, 0, 0, 1],
        "item_row": [7, 8, 9, 6, 4],
        "place": [0, 1, 2, 3, 0],
        "score": [9.0, 8.0, 7.0, 6.0, 5.0],
    }
)


def test_fused_order_by_hand() -> None:
    """0.8·value + 0.2·(1 − place/2): 7 has 0.2, 8 has 0.5, 9 has 0.8; item 6 is below the pool."""
    lists = dict(explained_lists(CANDIDATES, JUDGED, 10))
    assert [(place.item_row, place.graph_place) for place in lists[0]] == [(9, 2), (8, 1), (7, 0)]
    assert lists[1] == [RankedItem(4, 5.0, 0, 1.0)]


@pytest.mark.parametrize("k", [1, 2])
def test_only_the_top_k_are_explained(k: int) -> None:
    assert [len(places) for _, places in explained_lists(CANDIDATES, JUDGED, k)] == [k, 1]


def test_row_order_changes_nothing() -> None:
    before = list(explained_lists(CANDIDATES, JUDGED, 10))
    assert list(explained_lists(CANDIDATES[::-1], JUDGED[::-1], 10)) == before
