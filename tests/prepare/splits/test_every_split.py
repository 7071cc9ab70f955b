"""What holds for every split: one part per rating, nothing shared, and seeds that decide."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.contracts.splits import NAMES
from stages.core.errors import ParamError
from stages.prepare.params import PrepareParams
from stages.prepare.rows import Tables
from stages.prepare.splits import SplitSource, cut
from stages.prepare.splits.parts import HISTORIES, TEST, TRAIN, VALID, fifths, sample_of

Source = Callable[..., SplitSource]
CUT = [name for name in NAMES if name != "given"]
TIMED = ("temporal", "global", "last")
SEEDED = [name for name in CUT if name not in TIMED]


def kinds(parts: np.ndarray) -> set[int]:
    """The parts that there are, a history counted as train."""
    return {TRAIN if part in HISTORIES else part for part in parts.tolist()}


def rows_of(tables: Tables, parts: np.ndarray, part: int) -> set[tuple[int, int]]:
    chosen = tables.ratings[parts == part]
    return set(zip(chosen["user_row"], chosen["item_row"], strict=True))


@pytest.mark.parametrize("name", CUT)
def test_every_rating_is_in_exactly_one_part_and_no_part_is_empty(
    name: str, tables: Tables, source: Source
) -> None:
    parts = cut(name, source(tables))
    assert parts.shape == (len(tables.ratings),)
    assert kinds(parts) == {TRAIN, VALID, TEST}


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(CUT))
def test_no_test_or_valid_row_is_ever_in_train(seed: int, name: str, tiny: Tables) -> None:
    parts = cut(name, SplitSource(tiny, PrepareParams(), seed, True))
    parts = np.where(np.isin(parts, list(HISTORIES)), TRAIN, parts)
    train, valid, test = (rows_of(tiny, parts, part) for part in (TRAIN, VALID, TEST))
    assert train.isdisjoint(valid | test)
    assert valid.isdisjoint(test)
    assert len(train) + len(valid) + len(test) == len(tiny.ratings)


@pytest.mark.parametrize("name", CUT)
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
    assert kinds(cut(name, source(tiny, timestamps=False))) == {TRAIN, VALID, TEST}


@pytest.mark.parametrize("name", TIMED)
def test_a_split_by_time_without_times_is_refused(name: str, tiny: Tables, source: Source) -> None:
    with pytest.raises(
        ParamError, match=f"names '{name}', but this data set's times are missing; use fold-1"
    ):
        cut(name, source(tiny, timestamps=False))


@pytest.mark.parametrize("name", ["temporal", "global"])
def test_of_a_set_that_knows_each_users_order_alone_last_is_offered(
    name: str, tiny: Tables, source: Source
) -> None:
    with pytest.raises(ParamError, match="times are missing; use last or fold-1"):
        cut(name, replace(source(tiny, timestamps=False), ordered=True))


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
