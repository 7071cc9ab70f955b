"""Intervals, agreement and the number of people, against truth, hand and literature."""

import numpy as np
import pytest
from scipy.stats import binom, ttest_1samp

from e2ep_cli.studying.statistics import (
    NEVER_GIVEN,
    krippendorff_alpha,
    mean_interval,
    people_needed,
    resemblance,
)
from stages.evaluate.statistics.resampling import Resampling

STUDIES, PAIRS = 300, 12
FIRST, SECOND, NEITHER = 1.1, 0.7, 0.4
"""Of the Dirichlet distribution from which each person's leanings are drawn: they vary much."""
TRUTH = (FIRST + NEITHER / 2) / (FIRST + SECOND + NEITHER)
USUAL = binom.ppf([0.001, 0.999], STUDIES, 0.95)
"""How often a 95 % interval covers in that many studies, but for one in five hundred such tests."""


def simulated(people: int, seed: int) -> np.ndarray:
    """Answers of studies whose people have leanings of their own, (people, pairs, studies)."""
    rng = np.random.default_rng(seed)
    leanings = rng.dirichlet([FIRST, SECOND, NEITHER], (people, 1, STUDIES)).cumsum(axis=-1)
    draws = rng.random((people, PAIRS, STUDIES))
    return np.where(draws < leanings[..., 0], 1.0, np.where(draws < leanings[..., 1], 0.0, 0.5))


def covering(low: np.ndarray, high: np.ndarray) -> int:
    return int(((low <= TRUTH) & (high >= TRUTH)).sum())


@pytest.mark.parametrize("people", [5, 8, 25])
def test_the_interval_covers_the_truth_as_often_as_it_says(people: int) -> None:
    covered = covering(*mean_interval(simulated(people, 5).mean(axis=1)))
    assert USUAL[0] <= covered <= USUAL[1]


def test_an_interval_that_takes_every_answer_for_a_person_covers_too_seldom() -> None:
    answers = simulated(25, 5).reshape(-1, STUDIES)
    assert covering(*mean_interval(answers)) < USUAL[0]


def test_a_percentile_bootstrap_of_five_people_covers_too_seldom() -> None:
    """Why the interval is not that of the rankings, which are of hundreds of users."""
    means = simulated(5, 5).mean(axis=1)
    assert covering(*Resampling(2000, 7).interval("a study", means)) < USUAL[0]


def test_an_interval_by_hand() -> None:
    """Three people: mean .5, standard deviation .25, t of two degrees 4.3027."""
    (low,), (high,) = mean_interval(np.array([[0.25], [0.5], [0.75]]))
    half = 4.302653 * 0.25 / np.sqrt(3)
    assert (low, high) == pytest.approx((max(0.5 - half, 0), min(0.5 + half, 1)))
    means = np.array([[0.45], [0.5], [0.55]])
    (low,), (high,) = mean_interval(means)
    known = ttest_1samp(means[:, 0], 0).confidence_interval(0.95)
    assert (low, high) == pytest.approx((known.low, known.high))


def test_people_of_one_mind_leave_room_for_others() -> None:
    """All of ten, and none: .025^(1/10); all in between say nothing about spread."""
    low, high = mean_interval(np.array([[1.0, 0.0, 0.5]] * 10))
    bound = 0.025**0.1
    assert low[:2] == pytest.approx([bound, 0])
    assert high[:2] == pytest.approx([1, 1 - bound])
    assert np.isnan([low[2], high[2]]).all()
    assert np.isnan(mean_interval(np.array([[0.4]]))).all()


def coded(*rows: str) -> np.ndarray:
    return np.array(
        [[NEVER_GIVEN if each == "." else int(each) for each in row.split()] for row in rows]
    )


def test_agreement_as_in_the_literature() -> None:
    """Krippendorff 2011: examples A (two observers) and C (four, with missing values)."""
    two = coded("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
    assert krippendorff_alpha(two) == pytest.approx(0.095, abs=5e-4)
    four = coded(
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    )
    assert krippendorff_alpha(four) == pytest.approx(0.743, abs=5e-4)


def test_agreement_is_whole_or_undefined() -> None:
    assert krippendorff_alpha(coded("0 1 2", "0 1 2")) == 1
    assert krippendorff_alpha(coded("0 0", "0 0")) is None
    assert krippendorff_alpha(coded("0 . 1", ". 1 .")) is None
    assert krippendorff_alpha(coded(". .")) is None


def test_the_people_needed_find_the_difference_in_four_of_five_studies() -> None:
    """Simulated with as many people as are said to be needed; fewer find it more seldom."""
    leaning = simulated(2000, 3)[:, :, 0].mean(axis=1)
    difference = 0.3
    people = people_needed(leaning, difference)
    assert people is not None
    rng = np.random.default_rng(11)
    means = rng.normal(0.5 + difference / 2, leaning.std(ddof=1), (people, 4000))
    found_in = ((lows := mean_interval(means)[0]) > 0.5).mean()
    assert len(lows) == 4000
    assert found_in == pytest.approx(0.8, abs=0.03)


def test_half_the_difference_takes_four_times_the_people() -> None:
    means = simulated(200, 3)[:, :, 0].mean(axis=1)
    few, many = people_needed(means, 0.2), people_needed(means, 0.1)
    assert few is not None
    assert many is not None
    assert many / few == pytest.approx(4, rel=0.05)
    assert people_needed(np.full(5, 0.5), 0.2) is None


def test_one_persons_answers_resemble_each_other() -> None:
    """Wholly if each says one thing, not at all if all are drawn alike."""
    assert resemblance(np.array([[1.0, 1, 1], [0, 0, 0]])) == pytest.approx(1)
    assert resemblance(np.array([[1.0, 0], [0, 1], [1, 0]])) == 0
    assert resemblance(np.array([[1.0, np.nan], [0, np.nan]])) is None
    by_hand = resemblance(np.array([[1.0, 1, 0], [0, 0, 1]]))
    # Mean squares 1/6 between and 1/3 within: (1/6 − 1/3) / (1/6 + 2/3) is below 0
    assert by_hand == 0
    nearly = resemblance(np.array([[1.0, 1, 1, 0], [0, 0, 0, 1]]))
    # Between ½, within ¼: ¼ / (½ + ¾)
    assert nearly == pytest.approx(0.2)
