"""A choice on valid leaves the first setting only for a clearly better one."""

import numpy as np
import pytest

from stages.metrics.preference import clearly_better, first_or_better

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
