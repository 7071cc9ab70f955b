"""Rankings as matrices, and sets of pairs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stages.evaluate.rankings.pairs import Pairs
from stages.evaluate.rankings.ranking import first, keep, to_ranking
from stages.metrics.catalogue import EMPTY


def test_rows_in_any_order_become_lists_by_place() -> None:
    ranking = to_ranking(np.array([2, 0, 2, 2]), np.array([5, 1, 3, 4]), np.array([1, 0, 0, 7]), 4)
    assert ranking.tolist() == [[1, EMPTY, EMPTY], [EMPTY] * 3, [3, 5, 4], [EMPTY] * 3]


def test_ties_of_places_break_by_item() -> None:
    assert to_ranking(np.zeros(3, int), np.array([9, 2, 5]), np.zeros(3, int), 1).tolist() == [
        [2, 5, 9]
    ]


def test_no_rows_give_empty_lists() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert to_ranking(none, none, none, 3).shape == (3, 0)


def test_kept_places_move_up_in_their_order() -> None:
    ranking = np.array([[4, 3, 2, 1], [7, 8, EMPTY, EMPTY]])
    assert keep(ranking, np.array([[0, 1, 0, 1], [0, 1, 0, 0]], dtype=bool)).tolist() == [
        [3, 1],
        [8, EMPTY],
    ]


def test_first_cuts_and_fills() -> None:
    assert first(np.array([[1, 2, 3]]), 2).tolist() == [[1, 2]]
    assert first(np.array([[1]]), 3).tolist() == [[1, EMPTY, EMPTY]]


@given(st.sets(st.tuples(st.integers(0, 4), st.integers(0, 6))))
def test_pairs_has_exactly_the_pairs_given(pairs: set[tuple[int, int]]) -> None:
    users, items = (np.array([pair[n] for pair in pairs], dtype=np.int64) for n in (0, 1))
    asked = np.tile(np.arange(-1, 7), (5, 1))
    expected = [[(user, item) in pairs for item in range(-1, 7)] for user in range(5)]
    assert Pairs.of(users, items, 7).in_lists(asked).tolist() == expected
