"""Top candidates: masks and ties."""

import numpy as np
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from stages.train.candidates import CHUNK, top_candidates, top_places

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
    assert listed([[1, 9, 3, 2], [1, 9, 3, 2]], rankable=np.array([True, True, False, False])) == [[0], [1, 0]]


def test_only_so_many_are_listed_with_places_from_zero_and_falling_scores() -> None:
    rows = top_candidates(lambda users: np.array([[1, 9, 3, 2.0]] * 2)[users], SEEN, ALL, 2)
    assert rows["place"].tolist() == [0, 1, 0, 1]
    assert rows["score"].tolist() == [3, 2, 9, 3]


def test_users_beyond_the_first_chunk_keep_their_own_scores() -> None:
    n = CHUNK + 3
    rows = top_candidates(
        lambda users: np.stack([users, users + 1.0], axis=1), sp.csr_matrix((n, 2)), np.ones(2, dtype=bool), 1
    )
    assert rows["user_row"].tolist() == list(range(n))
    assert rows["score"].tolist() == [user + 1.0 for user in range(n)]


VALUES = st.sampled_from([-np.inf, -1.5, -0.0, 0.0, 0.25, 2.0, np.inf, np.nan])
TABLES = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=VALUES)


@given(TABLES, st.integers(1, 14))
def test_top_places_are_those_of_a_stable_sort_whatever_is_equal(scores: np.ndarray, most: int) -> None:
    assert top_places(scores, most).tolist() == np.argsort(-scores, axis=1, kind="stable")[:, :most].tolist()


def test_top_places_without_equal_scores_are_those_of_a_sort() -> None:
    scores = np.random.default_rng(3).random((50, 400)).astype(np.float32)
    assert (top_places(scores, 20) == np.argsort(-scores, axis=1)[:, :20]).all()
