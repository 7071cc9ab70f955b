"""last: each user's last rating is test, the one before it valid."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.data.dataset import Dataset
from stages.prepare.rows import Tables, to_tables
from stages.prepare.splits import SplitSource, cut
from stages.prepare.splits.last import cut_last
from stages.prepare.splits.parts import TEST, TRAIN, VALID

Source = Callable[..., SplitSource]
Make = Callable[..., Dataset]


def test_everybody_with_three_ratings_has_one_in_test_and_one_in_valid(
    tables: Tables, source: Source
) -> None:
    users, parts = tables.ratings["user_row"].to_numpy(), cut("last", source(tables))
    rows = np.bincount(users, minlength=len(tables.users))
    for part in (TEST, VALID):
        mine = np.bincount(users[parts == part], minlength=len(tables.users))
        assert mine.tolist() == (rows >= 3).astype(int).tolist()


def test_no_rating_of_a_user_is_later_than_their_test_nor_one_in_train_than_valid(
    tables: Tables, source: Source
) -> None:
    rows = tables.ratings.assign(part=cut("last", source(tables)))
    times = rows.groupby(["user_row", "part"])["timestamp"].agg(["min", "max"]).unstack("part")
    latest, earliest = times["max"].dropna(), times["min"].dropna()
    assert (latest[TRAIN] <= earliest[VALID]).all()
    assert (latest[VALID] <= earliest[TEST]).all()


@pytest.mark.parametrize(
    ("times", "known"),
    [([7, 9, 9, 9], (True, False)), ([0, 0, 0, 0], (False, True))],
)
def test_ties_and_sets_without_times_keep_the_order_of_the_file(
    times: list[int], known: tuple[bool, bool], made_up: Make, source: Source
) -> None:
    """By its row, item 5 would be the last."""
    ratings = pd.DataFrame({"user_id": ["1"] * 4, "movie_id": ["5", "1", "4", "2"]})
    ratings = ratings.assign(rating=np.float32(4), timestamp=times)
    timestamps, ordered = known
    data = replace(made_up(1, 5), ratings=ratings, timestamps=timestamps, ordered=ordered)
    tables = to_tables(data)
    parts = cut("last", replace(source(tables, timestamps=timestamps), ordered=ordered))
    of_item = dict(zip(tables.ratings["item_row"] + 1, parts.tolist(), strict=True))
    assert of_item == {5: TRAIN, 1: TRAIN, 4: VALID, 2: TEST}


@settings(max_examples=25)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=20))
def test_a_user_of_the_last_lines_gives_the_last_two_of_three_or_more(users: list[int]) -> None:
    lines = pd.DataFrame({"user_row": users})
    lines["nth"] = lines.groupby("user_row").cumcount()
    parts = cut_last(lines)
    for mine in lines.groupby("user_row").groups.values():
        last = [VALID, TEST] if len(mine) > 2 else [TRAIN] * min(len(mine), 2)
        assert parts[mine].tolist() == [TRAIN] * (len(mine) - 2) + last


def test_where_no_order_is_known_no_rating_has_a_place(made_up: Make) -> None:
    assert (to_tables(replace(made_up(), timestamps=False)).ratings["nth"] == -1).all()
