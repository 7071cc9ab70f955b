"""What holds for every split: one part per rating, nothing shared, and seeds that decide."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.contracts.splits import NAMES
from stages.core.errors import ParamError
from stages.prepare.params import PrepareParams
from stages.prepare.rows import Tables
from stages.prepare.splits import SplitSource, cut
from stages.prepare.splits.parts import TEST, TRAIN, VALID, fifths, sample_of

Source = Callable[..., SplitSource]
SEEDED = [name for name in NAMES if name != "temporal"]


def rows_of(tables: Tables, parts: np.ndarray, part: int) -> set[tuple[int, int]]:
    chosen = tables.ratings[parts == part]
    return set(zip(chosen["user_row"], chosen["item_row"], strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_every_rating_is_in_exactly_one_part_and_no_part_is_empty(
    name: str, tables: Tables, source: Source
) -> None:
    parts = cut(name, source(tables))
    assert parts.shape == (len(tables.ratings),)
    assert set(parts.tolist()) == {TRAIN, VALID, TEST}


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(NAMES))
def test_no_test_or_valid_row_is_ever_in_train(seed: int, name: str, tiny: Tables) -> None:
    parts = cut(name, SplitSource(tiny, PrepareParams(), seed, True))
    train, valid, test = (rows_of(tiny, parts, part) for part in (TRAIN, VALID, TEST))
    assert train.isdisjoint(valid | test)
    assert valid.isdisjoint(test)
    assert len(train) + len(valid) + len(test) == len(tiny.ratings)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_cuts_the_same(name: str, tables: Tables, source: Source) -> None:
    assert (cut(name, source(tables, 7)) == cut(name, source(tables, 7))).all()


@pytest.mark.parametrize("name", SEEDED)
def test_another_seed_tests_and_validates_other_rows(
    name: str, tiny: Tables, source: Source
) -> None:
    one, other = cut(name, source(tiny, 7)), cut(name, source(tiny, 8))
    assert ((one == TEST) != (other == TEST)).any()
    assert ((one == VALID) != (other == VALID)).any()


@pytest.mark.parametrize("name", SEEDED)
def test_without_times_every_other_split_can_be_cut(
    name: str, tiny: Tables, source: Source
) -> None:
    assert set(cut(name, source(tiny, timestamps=False)).tolist()) == {TRAIN, VALID, TEST}


def test_temporal_without_times_is_refused(tiny: Tables, source: Source) -> None:
    with pytest.raises(
        ParamError, match="names 'temporal', but this data set's times are missing; use fold-1"
    ):
        cut("temporal", source(tiny, timestamps=False))


@given(st.integers(0, 200), st.integers(0, 9))
def test_fifths_differ_in_size_by_one_at_most(n: int, seed: int) -> None:
    sizes = np.bincount(fifths(n, np.random.default_rng(seed)), minlength=6)
    assert sizes[0] == 0
    assert sizes[1:].sum() == n
    assert sizes[1:].max() - sizes[1:].min() <= 1


@pytest.mark.parametrize(("rows", "chosen"), [(0, 0), (1, 0), (2, 1), (14, 1), (16, 2), (100, 10)])
def test_a_tenth_is_rounded_and_at_least_one_of_two(rows: int, chosen: int) -> None:
    found = sample_of(np.arange(rows) * 3, 0.1, np.random.default_rng(0))
    assert len(set(found.tolist())) == chosen
    assert set(found.tolist()) <= set(range(0, 3 * rows, 3))
