"""Laws of the simulated ratings."""

import numpy as np
import pytest

from stages.data.sample.catalogue import read_films
from stages.data.sample.generate import FEWEST, MOST, Sample, activity, simulate
from stages.data.sample.sessions import start_years

FILMS = read_films()
DAY = 86_400


@pytest.fixture(scope="module", params=[7, 1, 2])
def sample(request: pytest.FixtureRequest) -> Sample:
    return simulate(FILMS, seed=request.param)


def test_about_16000_ratings(sample: Sample) -> None:
    assert 15_500 <= len(sample.ratings) <= 16_500


def test_every_user_has_at_least_twelve_and_at_most_150_ratings(sample: Sample) -> None:
    counts = np.bincount(sample.ratings[:, 0], minlength=401)[1:]
    assert counts.min() == FEWEST
    assert counts.max() == MOST


def test_activity_has_a_long_tail(sample: Sample) -> None:
    counts = np.bincount(sample.ratings[:, 0])[1:]
    assert counts.mean() > 1.3 * np.median(counts)


def test_no_user_rates_a_film_twice(sample: Sample) -> None:
    assert len(np.unique(sample.ratings[:, :2], axis=0)) == len(sample.ratings)


def test_ratings_are_whole_from_one_to_five(sample: Sample) -> None:
    assert sample.ratings.dtype.kind == "i"
    assert np.unique(sample.ratings[:, 2]).tolist() == [1, 2, 3, 4, 5]


def test_mean_rating_is_about_three_and_a_half(sample: Sample) -> None:
    assert 3.35 <= sample.ratings[:, 2].mean() <= 3.65


def test_at_least_45_percent_are_positive(sample: Sample) -> None:
    assert (sample.ratings[:, 2] >= 4).mean() >= 0.45


def test_rows_are_ordered_by_user_and_time(sample: Sample) -> None:
    users, times = sample.ratings[:, 0], sample.ratings[:, 3]
    assert np.all(np.diff(users) >= 0)
    assert np.all(np.diff(times)[np.diff(users) == 0] > 0)


def test_users_start_between_2015_and_2024(sample: Sample) -> None:
    _, first = np.unique(sample.ratings[:, 0], return_index=True)
    years = start_years(sample.ratings[first, 3])
    assert years.min() >= 2015
    assert years.max() <= 2024
    assert len(np.unique(years)) == 10


def test_users_come_back_on_later_days(sample: Sample) -> None:
    gaps = np.diff(sample.ratings[:, 3])[np.diff(sample.ratings[:, 0]) == 0]
    assert 0.1 < (gaps >= DAY).mean() < 0.2
    assert gaps[gaps < DAY].max() < 100


def test_nobody_rates_a_film_before_it_is_out(sample: Sample) -> None:
    out = np.array([0, *(film.year for film in FILMS)])
    assert np.all(out[sample.ratings[:, 1]] < start_years(sample.ratings[:, 3]))


def test_acclaimed_films_are_rated_higher(sample: Sample) -> None:
    acclaim = np.array([0, *(film.acclaim for film in FILMS)])[sample.ratings[:, 1]]
    ratings = sample.ratings[:, 2]
    assert ratings[acclaim == 5].mean() > ratings[acclaim <= 2].mean() + 0.5


def test_gender_age_and_occupation_tell_nothing_of_the_ratings(sample: Sample) -> None:
    female = np.array([user.gender == "F" for user in sample.users])
    old = np.array([user.age > 35 for user in sample.users])
    sums = np.bincount(sample.ratings[:, 0] - 1, weights=sample.ratings[:, 2])
    means = sums / np.bincount(sample.ratings[:, 0] - 1)
    for group in (female, old):
        error = means.std() * np.sqrt(1 / group.sum() + 1 / (~group).sum())
        assert abs(means[group].mean() - means[~group].mean()) < 4 * error


def test_the_same_seed_gives_the_same_sample() -> None:
    assert np.array_equal(simulate(FILMS, seed=3).ratings, simulate(FILMS, seed=3).ratings)
    assert simulate(FILMS, seed=3).users == simulate(FILMS, seed=3).users


def test_another_seed_gives_another_sample() -> None:
    assert not np.array_equal(simulate(FILMS, seed=3).ratings, simulate(FILMS, seed=4).ratings)


def test_every_seed_has_the_same_counts_in_another_order() -> None:
    one, other = activity(400, 1), activity(400, 2)
    assert not np.array_equal(one, other)
    assert np.array_equal(np.sort(one), np.sort(other))
