"""What people liked together in training, counted by hand."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stages.contracts.together import LEAST, Together, liked_together

LISTS = [{0, 1}, {0, 1}, {0, 1, 2}, {2, 3}, {2, 3}, {0, 2, 3}, {3}, {4}]
"""The items that each user liked."""


def of_lists(lists: list[set[int]], n_items: int, disliked: tuple[int, int] = (7, 0)) -> Together:
    pairs = [(user, item, 5.0) for user, items in enumerate(lists) for item in items]
    pairs.append((*disliked, 1.0))
    users, items, ratings = (np.array(column) for column in zip(*pairs, strict=True))
    return liked_together(users, items, ratings, len(lists), n_items)


def test_the_evidence_is_what_most_people_liked_with_it_beyond_chance() -> None:
    together = of_lists(LISTS, 5)
    assert together.evidence(1, [0, 2, 3]) == [(0, 3)]
    assert together.evidence(2, [0, 3]) == [(3, 3)]  # of eight people two liked 0 and 2: too few
    assert together.evidence(4, [0, 1]) == []


def test_what_is_disliked_is_no_evidence() -> None:
    assert of_lists(LISTS, 5).history(7).tolist() == [4]


def test_a_claim_holds_if_all_that_it_cites_is_own_and_liked_with_it_often_enough() -> None:
    together = of_lists(LISTS, 5)
    assert together.holds(1, [0], [0, 4])
    assert not together.holds(1, [0], [4])
    assert not together.holds(1, [0, 2], [0, 2])
    assert not together.holds(1, [], [0])


def test_items_that_everybody_likes_speak_for_nothing() -> None:
    everybody = of_lists([{0, 1}] * 8, 2, disliked=(7, 1))
    assert everybody.counts(1, [0]).tolist() == [8]
    assert everybody.evidence(1, [0]) == []


@given(st.lists(st.sets(st.integers(0, 5)), min_size=8, max_size=20))
def test_counts_are_those_of_the_lists(lists: list[set[int]]) -> None:
    together = of_lists([*lists, {0}], 6, disliked=(0, 0))
    for one, other in combinations(range(6), 2):
        both = sum({one, other} <= items for items in lists)
        assert together.counts(one, [other]).tolist() == [both if both >= LEAST else 0]
