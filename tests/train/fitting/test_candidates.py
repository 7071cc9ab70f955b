"""Top candidates: masks and ties."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from stages.train.fitting import candidates
from stages.train.fitting.candidates import top_candidates, top_places

SEEN = sp.csr_matrix(np.array([[0, 1, 0, 0], [0, 0, 0, 0]]))
ALL = np.ones(4, dtype=bool)


def listed(scores: list[list[float]], rankable: np.ndarray = ALL, most: int = 4) -> list[list[int]]:
    rows = top_candidates(lambda users: np.array(scores)[users], SEEN, rankable, most)
    return [rows.loc[rows["user_row"] == user, "item_row"].tolist() for user in range(2)]


def test_best_first_and_seen_items_left_out() -> None:
    assert listed([[1, 9, 3, 2], [1, 9, 3, 2]]) == [[2, 3, 0], [1, 2, 3, 0]]


def test_equal_scores_go_by_item_row() -> None:
    assert listed([[5, 5, 5, 5], [1, 2, 2, 1]]) == [[0, 2, 3], [1, 2, 0, 3]]


def test_items_that_may_not_be_ranked_are_left_out() -> None:
    assert listed([[1, 9, 3, 2], [1, 9, 3, 2]], rankable=np.array([True, True, False, False])) == [
        [0],
        [1, 0],
    ]


def test_only_so_many_are_listed_with_places_from_zero_and_falling_scores() -> None:
    rows = top_candidates(lambda users: np.array([[1, 9, 3, 2.0]] * 2)[users], SEEN, ALL, 2)
    assert rows["place"].tolist() == [0, 1, 0, 1]
    assert rows["score"].tolist() == [3, 2, 9, 3]


@pytest.mark.parametrize("cells", [1, 7, 12, 1000])
def test_the_lists_are_the_same_whatever_the_scores_in_memory(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = np.random.default_rng(0)
    scores, seen = draw.random((11, 4)), sp.csr_matrix(draw.random((11, 4)) < 0.3)
    whole = top_candidates(lambda users: scores[users], seen, ALL, 3)
    monkeypatch.setattr(candidates, "CELLS", cells)
    pd.testing.assert_frame_equal(top_candidates(lambda users: scores[users], seen, ALL, 3), whole)


@pytest.mark.parametrize("cells", [1, 5, 12, 1000])
def test_chunks_hold_all_users_in_order_and_no_more_cells_than_allowed(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "CELLS", cells)
    parts = candidates.chunked(np.arange(3, 20), 5)
    assert np.concatenate(parts).tolist() == list(range(3, 20))
    assert max(map(len, parts)) * 5 <= max(cells, 5)


VALUES = st.sampled_from([-np.inf, -1.5, -0.0, 0.0, 0.25, 2.0, np.inf, np.nan])
TABLES = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=VALUES)


@given(TABLES, st.integers(1, 14))
def test_top_places_are_those_of_a_stable_sort_whatever_is_equal(
    scores: np.ndarray, most: int
) -> None:
    assert (
        top_places(scores, most).tolist()
        == np.argsort(-scores, axis=1, kind="stable")[:, :most].tolist()
    )


def test_top_places_without_equal_scores_are_those_of_a_sort() -> None:
    scores = np.random.default_rng(3).random((50, 400)).astype(np.float32)
    assert (top_places(scores, 20) == np.argsort(-scores, axis=1)[:, :20]).all()


@given(arrays(np.float32, (2, 4), elements=st.sampled_from([0.1, 0.2, 0.3, 1 / 3])))
def test_single_precision_lists_the_same_as_double(scores: np.ndarray) -> None:
    single, double = (
        top_candidates(some.__getitem__, SEEN, ALL, 3)
        for some in (scores, scores.astype(np.float64))
    )
    assert single["score"].dtype == np.float32
    pd.testing.assert_frame_equal(single, double, check_dtype=False)
