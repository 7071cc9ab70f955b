"""From ids to rows, and from any scale to 1–5 with 4 as the first positive rating."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stages.data.dataset import Dataset
from stages.prepare.rows import to_tables
from stages.prepare.scale import on_common_scale

Make = Callable[..., Dataset]


def mapped(ratings: list[float], low: float, high: float, positive_at: float) -> list[float]:
    return on_common_scale(np.array(ratings), low, high, positive_at).tolist()


def test_nought_to_ten_with_seven_as_positive() -> None:
    assert mapped([0, 3.5, 7, 8.5, 10], 0, 10, 7) == [1.0, 2.5, 4.0, 4.5, 5.0]


def test_half_stars_stay() -> None:
    assert mapped([0.5, 3.5, 4.5, 5], 0.5, 5, 4) == [0.5, 3.5, 4.5, 5.0]


def test_five_stars_of_which_three_is_positive() -> None:
    assert mapped([1, 2, 3, 4, 5], 1, 5, 3) == [1.0, 2.5, 4.0, 4.5, 5.0]


def test_implicit_feedback_is_all_fives() -> None:
    assert mapped([1, 1], 1, 1, 1) == [5.0, 5.0]


def test_a_thumb_up_or_down_is_five_or_one() -> None:
    assert mapped([0, 1], 0, 1, 1) == [1.0, 5.0]


def test_where_only_the_best_is_positive_the_rest_is_not() -> None:
    assert mapped([1, 3, 4, 5], 1, 5, 5) == [1.0, 2.5, 3.25, 5.0]


@given(st.integers(-10, 10), st.integers(1, 20), st.data())
def test_positive_stays_positive_order_stays_order(
    low: int, width: int, data: st.DataObject
) -> None:
    positive_at = data.draw(st.integers(low + 1, low + width))
    ratings = np.arange(low, low + width + 1)
    common = on_common_scale(ratings, low, low + width, positive_at)
    assert ((common >= 4) == (ratings >= positive_at)).all()
    assert (np.diff(common) > 0).all()
    assert common.dtype == np.float32


def test_rows_follow_the_natural_order_of_ids(made_up: Make) -> None:
    tables = to_tables(made_up(n_users=12, n_items=11))
    assert tables.users["user_id"].tolist() == [str(n) for n in range(1, 13)]
    assert tables.movies["item_id"].tolist() == [str(n) for n in range(1, 12)]
    assert tables.movies["item_row"].tolist() == list(range(11))


def test_each_rating_keeps_its_user_movie_value_and_time(made_up: Make) -> None:
    data = made_up()
    tables = to_tables(data)
    found = tables.ratings.merge(tables.users).merge(tables.movies)[
        ["user_id", "item_id", "rating", "timestamp"]
    ]
    given_rows = data.ratings.itertuples(index=False, name=None)
    assert set(found.itertuples(index=False, name=None)) == set(given_rows)
    assert len(found) == len(data.ratings)


def test_the_order_of_the_files_rows_changes_nothing_but_the_places_of_ties(made_up: Make) -> None:
    data = made_up()
    turned = replace(
        data, ratings=data.ratings[::-1], movies=data.movies[::-1], users=data.users[::-1]
    )
    made, again = (to_tables(each).ratings for each in (data, turned))
    assert again.drop(columns="nth").equals(made.drop(columns="nth"))
    tied = made.duplicated(["user_row", "timestamp"], keep=False)
    assert again["nth"][~tied].equals(made["nth"][~tied])
    assert (again["nth"] != made["nth"]).any()
    assert to_tables(turned).movies.equals(to_tables(data).movies)


def test_a_movie_that_no_one_rated_has_its_row(made_up: Make) -> None:
    data = made_up()
    rated = data.ratings[data.ratings["movie_id"] != "3"]
    tables = to_tables(replace(data, ratings=rated))
    assert tables.movies["item_id"].tolist()[2] == "3"
    assert 2 not in set(tables.ratings["item_row"])
