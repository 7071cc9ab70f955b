"""new-users: nobody of the fifth is in a row that a model is fitted on."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.prepare.params import PrepareParams
from stages.prepare.rows import Tables
from stages.prepare.splits import SplitSource, cut
from stages.prepare.splits.parts import (
    TEST,
    TEST_HISTORY,
    TRAIN,
    VALID,
    VALID_HISTORY,
    training_rows,
)

Source = Callable[..., SplitSource]


def users_in(tables: Tables, parts: np.ndarray, *of: int) -> set[int]:
    return set(tables.ratings["user_row"][np.isin(parts, of)])


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32), number=st.integers(1, 5))
def test_a_held_out_user_has_no_row_in_train(seed: int, number: int, tiny: Tables) -> None:
    parts = cut(f"new-users-{number}", SplitSource(tiny, PrepareParams(), seed, True))
    fitted, asked, chosen = (
        users_in(tiny, parts, *of)
        for of in ((TRAIN,), (TEST, TEST_HISTORY), (VALID, VALID_HISTORY))
    )
    assert not fitted & asked
    assert not fitted & chosen
    assert not asked & chosen


def test_the_five_parts_hold_out_everybody_once(tables: Tables, source: Source) -> None:
    held = [
        users_in(tables, cut(f"new-users-{n}", source(tables)), TEST, TEST_HISTORY)
        for n in range(1, 6)
    ]
    assert sorted(user for part in held for user in part) == sorted(set(tables.ratings["user_row"]))


@pytest.mark.parametrize(("rest", "history"), [(TEST, TEST_HISTORY), (VALID, VALID_HISTORY)])
def test_a_fifth_of_each_ones_ratings_is_asked_for_and_the_rest_is_history(
    rest: int, history: int, tables: Tables, source: Source
) -> None:
    users, parts = tables.ratings["user_row"].to_numpy(), cut("new-users-1", source(tables))
    rows, asked, known = (
        np.bincount(users[np.isin(parts, of)], minlength=len(tables.users))
        for of in ((rest, history), (rest,), (history,))
    )
    assert asked.tolist() == (rows // 5).tolist()
    assert known.tolist() == (rows - rows // 5).tolist()


def test_valid_is_a_tenth_of_the_other_users(tables: Tables, source: Source) -> None:
    parts = cut("new-users-2", source(tables))
    held = users_in(tables, parts, TEST, TEST_HISTORY)
    others = users_in(tables, parts, TRAIN, VALID, VALID_HISTORY)
    assert len(users_in(tables, parts, VALID, VALID_HISTORY)) == round(0.1 * len(others))
    assert held


def test_the_file_says_whose_history_a_row_is(tiny: Tables, source: Source) -> None:
    parts = cut("new-users-1", source(tiny))
    rows = training_rows(tiny.ratings, parts)
    for part, word in ((TEST_HISTORY, "test"), (VALID_HISTORY, "valid")):
        assert (
            rows.index[rows["history"] == word].tolist() == np.flatnonzero(parts == part).tolist()
        )
    assert rows.index[rows["history"].isna()].tolist() == np.flatnonzero(parts == TRAIN).tolist()
