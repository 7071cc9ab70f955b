"""The prior as of now, by hand, and that it is the plain prior without times."""

from dataclasses import replace

import numpy as np
import pytest

from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.present import DAY, Present, ages, base_now

DATA = TrainingData(
    np.array([0, 0, 1, 1]),
    np.array([0, 1, 0, 2]),
    np.array([5.0, 4.0, 4.0, 2.0]),
    2,
    4,
    timestamp=np.array([90, 100, 110, 120]) * DAY,
)
BASE = np.array([1, 2, 3, 4], dtype=np.float32)


def test_likes_count_half_for_every_half_life() -> None:
    """Likes of item 0 are 30 and 10 days old, that of item 1 is 20; 2 is disliked, 3 unrated."""
    recent = np.log1p([0.5**3 + 0.5, 0.5**2, 0, 0])
    found = base_now(DATA, BASE, Present(share=0.25, half_life=10.0))
    assert found == pytest.approx(BASE + 0.25 * (recent - BASE), abs=1e-6)


def test_without_times_or_a_share_the_prior_stays() -> None:
    assert base_now(DATA, BASE, Present()) is BASE
    assert base_now(replace(DATA, timestamp=None), BASE, Present(share=1.0)) is BASE


def test_an_item_ages_up_to_the_users_last_rating() -> None:
    arrived = np.array([90, 100, 120, 0]) * float(DAY)
    expected = np.log1p(np.array([[10, 0, 0, 0], [30, 20, 0, 0]]) / 30)
    assert ages(DATA, arrived) == pytest.approx(expected, abs=1e-6)


def test_who_has_not_rated_has_passed_over_nothing() -> None:
    nobody = DATA.of_ratings(np.zeros(4, dtype=bool))
    for own in (nobody, replace(nobody, timestamp=None)):
        assert not ages(own, np.full(4, float(DAY))).any()
