"""Places within groups and runs of a key, against a plain reading."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.core import groups as module
from stages.core.groups import place_in_group, runs

KEYS = st.lists(st.integers(0, 5), max_size=30)


def test_places_by_the_first_key_and_then_the_second() -> None:
    groups, time, item = (
        np.array([7, 2, 7, 7, 2]),
        np.array([5, 1, 4, 4, 0]),
        np.array([0, 0, 9, 8, 0]),
    )
    assert place_in_group(groups, time, item).tolist() == [2, 1, 1, 0, 0]


def test_a_full_tie_keeps_the_order_of_the_rows() -> None:
    assert place_in_group(np.array([1, 1, 1]), np.zeros(3)).tolist() == [0, 1, 2]


@given(KEYS)
def test_each_groups_places_count_from_nought(keys: list[int]) -> None:
    groups = np.array(keys, dtype=np.int64)
    place = place_in_group(groups, np.zeros(len(keys)))
    for group in set(keys):
        assert sorted(place[groups == group].tolist()) == list(range(keys.count(group)))


@given(KEYS.map(sorted))
def test_runs_are_the_distinct_values_and_their_rows(keys: list[int]) -> None:
    found = {value: keys[rows] for value, rows in runs(np.array(keys, dtype=np.int64))}
    assert found == {value: [value] * keys.count(value) for value in set(keys)}
    assert list(found) == sorted(found)


@given(KEYS.map(sorted), st.integers(1, 6), st.randoms())
def test_many_rows_in_order_of_their_groups_are_placed_range_by_range(
    keys: list[int], size: int, draw: random.Random
) -> None:
    groups, times = np.array(keys, dtype=np.int32), np.array([draw.randint(0, 3) for _ in keys])
    whole = place_in_group(groups, times)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "RANGE", size)
        np.testing.assert_array_equal(place_in_group(groups, times), whole)
