"""global: nothing later than one moment is in training, for anybody."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.core.errors import InputError
from stages.prepare.params import PrepareParams
from stages.prepare.rows import Tables
from stages.prepare.splits import SplitSource, cut
from stages.prepare.splits.global_moment import cut_global
from stages.prepare.splits.parts import TEST, TRAIN, VALID

Source = Callable[..., SplitSource]


def spans(time: np.ndarray, parts: np.ndarray) -> list[tuple[int, int]]:
    """First and last time of train, valid and test."""
    return [(time[parts == p].min(), time[parts == p].max()) for p in (TRAIN, VALID, TEST)]


def test_all_of_train_is_before_all_of_valid_and_that_before_all_of_test(
    tables: Tables, source: Source
) -> None:
    time = tables.ratings["timestamp"].to_numpy()
    train, valid, test = spans(time, cut("global", source(tables)))
    assert train[1] < valid[0]
    assert valid[1] < test[0]


@settings(max_examples=50)
@given(st.lists(st.integers(1, 9), min_size=3, max_size=60).filter(lambda t: len(set(t)) > 2))
def test_ratings_of_one_time_are_on_one_side_however_many_tie(times: list[int]) -> None:
    time = np.array(times)
    parts = cut_global(pd.DataFrame({"timestamp": time}), PrepareParams())
    assert {TEST} <= set(parts.tolist())
    assert all(len(set(parts[time == moment].tolist())) == 1 for moment in time)
    assert time[parts != TEST].max() < time[parts == TEST].min()


def test_the_moment_is_where_four_fifths_are_made_and_valid_the_tenth_before() -> None:
    time = np.random.default_rng(0).permutation(np.arange(1, 101))
    parts = cut_global(pd.DataFrame({"timestamp": time}), PrepareParams())
    assert spans(time, parts) == [(1, 72), (73, 80), (81, 100)]


def test_the_shares_can_be_changed() -> None:
    params = PrepareParams(test_share=0.5, valid_share=0.4)
    parts = cut_global(pd.DataFrame({"timestamp": range(1, 11)}), params)
    assert parts.tolist() == [TRAIN] * 3 + [VALID] * 2 + [TEST] * 5


def test_ratings_of_one_single_time_are_refused() -> None:
    with pytest.raises(InputError, match="all of one time; take another split"):
        cut_global(pd.DataFrame({"timestamp": [5, 5, 5]}), PrepareParams())
