"""The generator's small parts: draws, shares of attributes, times."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stages.core.seeds import generator
from stages.data.sample.draws import normal, permutation, race_keys, standardised, whole
from stages.data.sample.people import SAMPLE_OCCUPATIONS, draw_users
from stages.data.sample.sessions import rating_times, shuffled_within, start_years
from stages.data.sample.taste import shares

SEEDS = st.integers(0, 10_000)
COUNTS = st.lists(st.integers(1, 20), min_size=1, max_size=20).map(np.array)


def test_normal_draws_have_mean_zero_and_deviation_one() -> None:
    draws = normal(generator(0), 20_000)
    assert abs(draws.mean()) < 0.03
    assert abs(draws.std() - 1) < 0.03


@given(SEEDS, st.integers(1, 50))
def test_a_permutation_has_every_number_once(seed: int, n: int) -> None:
    assert sorted(permutation(generator(seed), n)) == list(range(n))


@given(SEEDS, st.integers(-5, 5), st.integers(0, 5))
def test_whole_numbers_stay_within_their_ends(seed: int, low: int, width: int) -> None:
    draws = whole(generator(seed), low, low + width, 200)
    assert draws.min() >= low
    assert draws.max() <= low + width


def test_whole_numbers_reach_both_ends() -> None:
    assert set(whole(generator(0), 1, 3, 200).tolist()) == {1, 2, 3}


def test_the_first_of_a_race_wins_in_proportion_to_its_weight() -> None:
    keys = race_keys(generator(0), np.tile(np.log([3.0, 1.0]), (20_000, 1)))
    assert abs((keys.argmax(axis=1) == 0).mean() - 0.75) < 0.01


def test_a_weight_of_zero_never_wins_a_race() -> None:
    assert np.all(race_keys(generator(0), np.array([-np.inf])) == -np.inf)


def test_standardised_values_worked_by_hand() -> None:
    assert standardised(np.array([1.0, 3.0])).tolist() == [-1.0, 1.0]


def test_shares_leave_out_what_one_film_has_alone() -> None:
    matrix = shares([("a", "b"), ("a", "b"), ("a", "c"), ("d",)])
    half = 1 / np.sqrt(2)
    assert np.allclose(matrix, [[half, half], [half, half], [1, 0], [0, 0]])


@given(COUNTS, SEEDS)
def test_shuffling_keeps_each_users_ratings_together(counts: np.ndarray, seed: int) -> None:
    owner = np.repeat(np.arange(len(counts)), counts)
    order = shuffled_within(counts, seed)
    assert np.array_equal(owner[order], owner)
    assert np.array_equal(np.sort(order), np.arange(len(owner)))


@given(COUNTS, SEEDS)
def test_each_users_times_begin_at_the_start_and_rise(counts: np.ndarray, seed: int) -> None:
    starts = 1_500_000_000 + 1_000 * np.arange(len(counts))
    parts = np.split(rating_times(starts, counts, seed), np.cumsum(counts)[:-1])
    assert [int(part[0]) for part in parts] == starts.tolist()
    assert all(np.all(np.diff(part) > 0) for part in parts)


def test_start_years_turn_at_midnight_of_new_year() -> None:
    new_year_2016 = 1_451_606_400
    assert start_years(np.array([new_year_2016 - 1, new_year_2016])).tolist() == [2015, 2016]


def test_users_are_16_to_70_of_either_gender_and_any_occupation() -> None:
    users = draw_users(2_000, 0)
    assert {user.gender for user in users} == {"F", "M"}
    assert min(user.age for user in users) == 16
    assert max(user.age for user in users) == 70
    assert {user.occupation for user in users} == set(SAMPLE_OCCUPATIONS)
