"""What is chosen on valid: only what is clearly better than the setting of params.yaml."""

import numpy as np
import pytest

from stages.train.fitting.inverse import DOUBLE
from stages.train.models.e2ep.choices import (
    HELD_LESS,
    clearly_better,
    first_or_better,
    linear_options,
    weight_options,
)
from stages.train.models.e2ep.settings import Linear

ZERO = np.zeros(4)
SURE, UNSURE = np.array([0.1, 0.2, 0.1, 0.2]), np.array([0.9, -0.3, 0.3, -0.5])


@pytest.mark.parametrize(
    ("values", "better"),
    [(SURE, True), (UNSURE, False), (-SURE, False), (ZERO, False), (SURE[:1], False)],
)
def test_better_is_by_a_standard_error_over_users(values: np.ndarray, better: bool) -> None:
    assert clearly_better(values, ZERO[: len(values)]) == better


def test_the_standard_error_by_hand() -> None:
    """Gains of 0 and 2 are 1 on average, and their standard error √2 / √2 = 1: not more."""
    gain = np.array([0.0, 2.0])
    assert not clearly_better(gain, np.zeros(2))
    assert clearly_better(gain + 0.01, np.zeros(2))


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        ([ZERO, UNSURE], 0),
        ([ZERO, SURE], 1),
        ([ZERO, SURE, 2 * SURE], 2),
        ([ZERO, 2 * SURE, SURE], 1),
        ([ZERO, SURE, 9 * UNSURE], 1),
    ],
)
def test_the_first_option_stays_unless_another_is_clearly_better(
    options: list[np.ndarray], chosen: int
) -> None:
    assert first_or_better(options, lambda values: values) is options[chosen]


def test_a_single_option_is_not_judged() -> None:
    def judge(_option: str) -> np.ndarray:
        raise AssertionError

    assert first_or_better(iter(["only"]), judge) == "only"


def test_the_linear_part_is_tried_without_features_and_held_less() -> None:
    tried = [(one.features, one.l2) for one in linear_options(Linear(), 300, True)]
    assert tried == [(80, 300), (0, 300), (80, 300 / HELD_LESS), (0, 300 / HELD_LESS)]


def test_where_nothing_is_known_or_items_are_many_fewer_are_tried() -> None:
    assert [one.l2 for one in linear_options(Linear(), 300, False)] == [300, 300 / HELD_LESS]
    assert [one.features for one in linear_options(Linear(), DOUBLE + 1, True)] == [80, 0]
    assert linear_options(Linear(), DOUBLE + 1, False) == [Linear()]


def test_weights_are_tried_in_multiples() -> None:
    tried = weight_options(Linear(weight=6.0, times=(3.0, 10.0)), 2.0)
    assert [one.weight for one in tried] == [2, 6, 20]
