"""Which training ratings a profile is made from, and in which order."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from stages.profile.history import History, histories

ROWS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 30),
        st.sampled_from([1.0, 2.0, 2.5, 3.0, 4.0, 4.5, 5.0]),
        st.just(0),
    ),
    unique_by=lambda row: row[:2],
    min_size=1,
)


def table(rows: list[tuple[int, int, float, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["user_row", "item_row", "rating", "timestamp"])


def test_liked_films_go_by_rating_then_the_most_recent_then_the_item() -> None:
    rows = table(
        [(0, 5, 4.0, 99), (0, 4, 5.0, 1), (0, 3, 5.0, 2), (0, 2, 5.0, 1), (0, 1, 3.5, 100)]
    )
    assert histories(rows, 10, 10)[0].liked == (3, 2, 4, 5)


def test_disliked_films_go_from_the_lowest_rating_up() -> None:
    rows = table([(0, 5, 2.0, 99), (0, 4, 1.0, 1), (0, 3, 1.0, 2), (0, 2, 2.5, 9)])
    assert histories(rows, 10, 10)[0].disliked == (3, 4, 5)


def test_ten_are_kept_of_each_kind() -> None:
    rows = table([(0, item, 5.0 if item < 12 else 1.0, 0) for item in range(24)])
    assert histories(rows, 10, 10)[0] == History(tuple(range(10)), tuple(range(12, 22)))


def test_users_whose_ratings_are_all_in_the_middle_have_no_history() -> None:
    assert histories(table([(0, 1, 3.0, 0), (1, 1, 4.0, 0)]), 10, 10) == {1: History((1,), ())}


@given(ROWS, st.randoms())
def test_the_order_of_the_rows_changes_nothing(
    rows: list[tuple[int, int, float, int]], random: object
) -> None:
    before = histories(table(rows), 3, 3)
    random.shuffle(rows)  # type: ignore[attr-defined]
    assert histories(table(rows), 3, 3) == before


@given(ROWS)
def test_every_film_is_a_training_row_of_the_user_on_the_right_side(
    rows: list[tuple[int, int, float, int]],
) -> None:
    rating = {row[:2]: row[2] for row in rows}
    for user, history in histories(table(rows), 3, 3).items():
        assert all(rating[user, item] >= 4 for item in history.liked)
        assert all(rating[user, item] <= 2 for item in history.disliked)
