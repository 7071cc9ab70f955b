"""Which usual scale fits a person's ratings; it is said, never taken."""

import re

import numpy as np
import pytest

from stages.data.sheets.scales import notes_on_scale, scale_advice, usual_scale


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ([0.5, 3, 5], (0.5, 5)),
        ([1, 9], (1, 10)),
        ([0, 6.5], (0, 10)),
        ([0, 10, 85], (0, 100)),
        ([0, 1, 1], (0, 1)),
        ([-1, 1], (-1, 1)),
        ([0, 3, 5], None),
        ([-1, 8], None),
        ([1.3, 7], None),
    ],
)
def test_the_narrowest_usual_scale(values: list[float], scale: tuple[float, float] | None) -> None:
    assert usual_scale(np.array(values)) == scale


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ([3, 0.5], "correct it or declare its scale: all 2 ratings fit --scale 0.5-5"),
        ([3, 8], "correct it or declare its scale: all 2 ratings fit --scale 1-10"),
        (
            [0, 8],
            "correct it, declare its scale: all 2 ratings fit --scale 0-10, or pass --nothing "
            "rating=0 --scale 1-10 if 0 means that there is no rating",
        ),
        ([1, 0], "correct it or declare its scale: all 2 ratings fit --scale 0-1"),
        ([0, 3, 5], None),
        ([], None),
    ],
)
def test_the_advice_names_the_scale_that_fits(values: list[float], advice: str | None) -> None:
    assert scale_advice(np.array(values), "rating") == advice


@pytest.mark.parametrize(
    ("values", "note"),
    [
        ([1.5, 4], "half stars, so the scale may be 0.5-5"),
        ([5, 5], "every rating is 5, which tells nothing apart; .* --implicit"),
        ([1, 5], "^$"),
    ],
)
def test_what_is_said_of_ratings_on_the_scale(values: list[float], note: str) -> None:
    assert re.search(note, "".join(notes_on_scale(np.array(values), (1, 5))))
