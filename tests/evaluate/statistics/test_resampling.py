"""Intervals, p values, corrections and power: by hand, and as scipy gives them column by column."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import bootstrap

from stages.core.seeds import generator
from stages.evaluate.statistics.resampling import Resampling, detectable, flipped, holm

FEW = Resampling(499, 7)


def column(*values: float) -> np.ndarray:
    return np.array(values)[:, None]


def test_three_p_values_corrected_by_hand() -> None:
    """Ascending .01·3, .03·2, .04·1, and none may fall below the one before."""
    assert holm(np.array([0.01, 0.04, 0.03])).tolist() == pytest.approx([0.03, 0.06, 0.06])


def test_a_corrected_p_is_at_most_one() -> None:
    assert holm(np.array([0.9, 0.6])).tolist() == [1.0, 1.0]


def test_nothing_to_correct_is_nothing() -> None:
    assert holm(np.array([])).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_correction_keeps_the_order_and_lowers_no_p(values: list[float]) -> None:
    p = np.array(values)
    corrected = holm(p)
    assert (corrected >= p).all()
    assert (np.diff(corrected[np.argsort(p, kind="stable")]) >= 0).all()


def test_every_flip_of_three_users_is_enumerated() -> None:
    """Of the eight sums of ±1 ±2 ±3 one reaches 6, so both sides hold 2 / 8."""
    assert FEW.p_values("x", column(1, 2, 3)) == pytest.approx([2 / 8])


def test_every_flip_of_four_users_is_enumerated() -> None:
    """Of the sixteen sums of ±1 ±2 ±3 ±4 two reach 8 = 10 − 2·1: 10 and 8."""
    assert FEW.p_values("x", column(-1, 2, 3, 4)) == pytest.approx([2 * 2 / 16])


def test_users_without_a_difference_leave_p_where_it_was() -> None:
    assert FEW.p_values("x", column(1, 2, 3, 0, 0)) == pytest.approx([2 / 8])


def test_the_flips_of_many_users_give_the_p_values_of_scipys() -> None:
    drawn = np.random.default_rng(2).normal(size=(300, 40))
    draw, many = np.random.default_rng(0), Resampling(9999, 7)
    for differences in (drawn, np.hstack([np.zeros((300, 1)), np.ones((300, 1))])):
        found, wanted = flipped(differences, 9999, draw), many.p_values("x", differences)
        assert found == pytest.approx(wanted, abs=0.05)
    assert found.tolist() == [1.0, 2 / 10_000]


def test_no_difference_at_all_has_p_one_and_an_interval_of_nought() -> None:
    still = np.zeros((40, 1))
    low, high = FEW.interval("x", still)
    assert (FEW.p_values("x", still)[0], low[0], high[0]) == (1.0, 0.0, 0.0)


def test_drawn_flips_never_give_a_p_of_nought() -> None:
    assert FEW.p_values("x", np.ones((60, 1))) == pytest.approx([2 / 500])


def test_p_of_no_true_difference_is_uniform() -> None:
    p = FEW.p_values("x", np.random.default_rng(5).normal(size=(60, 400)))
    assert np.mean(p < 0.1) == pytest.approx(0.1, abs=0.05)


def test_the_interval_covers_a_known_mean_nineteen_times_in_twenty() -> None:
    low, high = FEW.interval("x", np.random.default_rng(5).normal(0.3, 1, size=(80, 400)))
    assert np.mean((low <= 0.3) & (high >= 0.3)) == pytest.approx(0.95, abs=0.04)


def test_the_interval_is_scipys_for_each_column() -> None:
    values = np.random.default_rng(3).random((30, 3))
    low, high = FEW.interval("x", values)
    for number in range(3):
        draw = generator(7, "bootstrap", "x")
        plain = bootstrap(
            (values[:, number],), np.mean, method="percentile", n_resamples=499, rng=draw
        )
        assert (low[number], high[number]) == pytest.approx(tuple(plain.confidence_interval))


def test_the_interval_of_two_samples_is_scipys_for_each_column() -> None:
    one, other = np.random.default_rng(3).random((20, 2)), np.random.default_rng(4).random((30, 2))
    low, high = FEW.interval("x", one, other)
    for number in range(2):
        plain = bootstrap(
            (one[:, number], other[:, number]),
            lambda a, b, axis: a.mean(axis=axis) - b.mean(axis=axis),
            method="percentile",
            n_resamples=499,
            rng=generator(7, "bootstrap", "x"),
        )
        assert (low[number], high[number]) == pytest.approx(tuple(plain.confidence_interval))


def test_the_same_seed_and_use_give_the_same_interval_and_another_use_another() -> None:
    values = np.random.default_rng(3).random((30, 1))
    assert FEW.interval("x", values) == FEW.interval("x", values)
    assert FEW.interval("x", values) != FEW.interval("y", values)


def test_the_detectable_difference_by_hand() -> None:
    """Of 0, 2, 0, 2 the standard deviation is √(4/3); z is 1.959964 + .841621, and √4 users."""
    assert detectable(column(0, 2, 0, 2))[0] == pytest.approx(
        2.801585 * math.sqrt(4 / 3) / 2, abs=1e-6
    )


def test_four_times_the_users_detect_half_the_difference() -> None:
    draw = np.random.default_rng(1)
    few, many = (detectable(draw.normal(size=(n, 1)))[0] for n in (10_000, 40_000))
    assert few == pytest.approx(2 * many, rel=0.05)
