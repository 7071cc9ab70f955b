"""Scale and threshold from the options that a person gives."""

import pytest

from stages.core.errors import InputError
from stages.data.sheets.meaning import parse_meaning


def test_five_stars_are_taken_for_granted() -> None:
    meaning = parse_meaning(None, None, False, False)
    assert (meaning.scale, meaning.positive_at, meaning.notes) == ((1, 5), 4, ())


@pytest.mark.parametrize(
    ("text", "scale", "threshold"),
    [("1-10", (1, 10), 7.75), ("0.5-5", (0.5, 5), 3.875), ("-1-1", (-1, 1), 0.5)],
)
def test_another_scale_has_its_threshold_at_three_quarters_and_says_so(
    text: str, scale: tuple[float, float], threshold: float
) -> None:
    meaning = parse_meaning(text, None, False, False)
    assert (meaning.scale, meaning.positive_at) == (scale, threshold)
    assert f"from {threshold:g} counts as positive" in meaning.notes[0]


def test_a_threshold_of_zero_is_a_threshold() -> None:
    assert parse_meaning("-1-1", 0, False, False).positive_at == 0


def test_a_given_threshold_needs_no_note() -> None:
    assert parse_meaning("1-10", 8, False, False).notes == ()


@pytest.mark.parametrize("text", ["1", "5-1", "3-3", "a-b", "1..5", f"1-{'9' * 400}"])
def test_a_scale_that_is_none(text: str) -> None:
    with pytest.raises(InputError, match=f"--scale {text} is not MIN-MAX"):
        parse_meaning(text, None, False, False)


@pytest.mark.parametrize("threshold", [1, 6, float("nan")])
def test_a_threshold_off_the_scale(threshold: float) -> None:
    with pytest.raises(InputError, match=r"--positive-at .* must lie above 1 and at most at 5"):
        parse_meaning(None, threshold, False, False)


def test_implicit_has_no_scale() -> None:
    with pytest.raises(InputError, match="leave out --scale"):
        parse_meaning("1-5", None, True, False)
