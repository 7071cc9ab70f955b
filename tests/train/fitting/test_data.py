"""Ratings of some users alone, of some ratings alone, and in order of time."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stages.train.fitting.data import TrainingData, grade, in_order_of_time


def rows(data: TrainingData, user: int) -> list[tuple[float, ...]]:
    """What is known of each rating of a user."""
    assert data.timestamp is not None
    mine = data.user == user
    return sorted(zip(data.item[mine], data.rating[mine], data.timestamp[mine], strict=True))


def test_users_are_taken_in_any_order_one_twice_and_one_without_ratings(tiny: TrainingData) -> None:
    asked = np.array([4, 6, 1, 4])
    found = tiny.of_users(asked)
    assert (found.n_users, found.n_items) == (4, tiny.n_items)
    assert [rows(found, new) for new in range(4)] == [rows(tiny, old) for old in asked]
    assert np.array_equal(found.user, np.sort(found.user))


def test_users_keep_their_text_and_traits(tiny: TrainingData) -> None:
    found = tiny.of_users(np.array([4, 6, 1, 4]))
    assert tiny.user_text is not None
    assert tiny.traits is not None
    assert found.user_text is not None
    assert found.traits is not None
    assert np.array_equal(found.user_text, tiny.user_text[[4, 6, 1, 4]])
    assert np.array_equal(found.traits, tiny.traits[[4, 6, 1, 4]])


def test_the_order_of_the_ratings_does_not_matter_to_whose_they_are(tiny: TrainingData) -> None:
    mixed = tiny.of_ratings(np.random.default_rng(0).permutation(len(tiny.user)))
    assert rows(mixed.of_users(np.array([3])), 0) == rows(tiny, 3)


def test_nobody_has_no_ratings(tiny: TrainingData) -> None:
    found = tiny.of_users(np.arange(0))
    assert (found.n_users, len(found.user)) == (0, 0)


def test_what_is_not_known_of_all_is_not_known_of_some(tiny: TrainingData) -> None:
    found = replace(tiny, user_text=None, traits=None, timestamp=None).of_users(np.array([1]))
    assert found.user_text is found.traits is found.timestamp is found.nth is None


def test_ratings_are_taken_by_place_or_by_flag(tiny: TrainingData) -> None:
    by_flag = tiny.of_ratings(np.arange(len(tiny.user)) == 2)
    assert rows(by_flag, tiny.user[2]) == rows(tiny.of_ratings(np.array([2])), tiny.user[2])
    assert by_flag.item.tolist() == [tiny.item[2]]
    assert by_flag.n_users == tiny.n_users


def test_places_go_by_time_within_a_user() -> None:
    user, timestamp = np.array([1, 0, 1, 1, 0]), np.array([30, 9, 10, 20, 8])
    assert in_order_of_time(user, user, timestamp).tolist() == [2, 1, 0, 1, 0]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3)), max_size=30))
def test_places_count_up_from_zero_and_never_against_time(ratings: list[tuple[int, int]]) -> None:
    user, timestamp = np.array(ratings, dtype=np.int64).reshape(-1, 2).T
    places = in_order_of_time(user, user, timestamp)
    for one in set(user):
        mine = np.argsort(places[user == one])
        assert np.array_equal(places[user == one][mine], np.arange(len(mine)))
        assert np.all(np.diff(timestamp[user == one][mine]) >= 0)


def test_unknown_times_come_last() -> None:
    assert in_order_of_time(np.zeros(3, int), np.arange(3), np.array([0, 9, 5])).tolist() == [
        2,
        1,
        0,
    ]


def test_equal_times_stand_in_a_drawn_order_that_is_the_same_each_time() -> None:
    user, item = np.zeros(50, dtype=np.int64), np.arange(50)
    places = in_order_of_time(user, item, user)
    assert not np.array_equal(places, np.arange(50))
    others = in_order_of_time(user[::2], item[::2], user[::2])
    assert np.array_equal(np.argsort(places[::2]), np.argsort(others))


def test_the_order_of_a_user_is_the_same_among_others() -> None:
    """Some times are known, as where a set has too few for an order of its own."""
    draw = np.random.default_rng(4)
    user, item = np.repeat(np.arange(9), 12), draw.integers(0, 40, 108)
    times = np.where(draw.random(108) < 0.8, 0, draw.integers(1, 4, 108))
    data = TrainingData(user, item, np.ones(108), 9, 40, timestamp=times)
    for chunk in ([7], [2, 7]):
        some = data.of_users(np.array(chunk))
        assert data.nth is not None
        assert some.nth is not None
        assert some.nth[-12:].tolist() == data.nth[user == 7].tolist()


def test_grades_lie_on_lines_between_those_of_whole_ratings() -> None:
    assert grade(np.array([5, 3.5, 2, 0.5]), {5: 1.0, 3: 0.5, 1: 0.0}).tolist() == [
        1,
        0.625,
        0.25,
        0,
    ]
