"""Which usual scale fits a person's ratings; it is said, never taken."""

import re
from pathlib import Path

import numpy as np
import pytest

from stages.core.errors import InputError
from stages.data.guesses.scales import notes_on_scale, refuse_other_scale, usual_scale
from stages.data.sheets.sheet import Sheet, read_sheet


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


def rated(folder: Path, *values: float) -> Sheet:
    path = folder / "ratings.csv"
    path.write_text("\n".join(["rating", *map(str, values)]))
    return read_sheet(path)


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        (
            (3, 0.5),
            "line 3: rating 0.5 is not on the scale 1-5, but all 2 ratings fit 0.5-5: add "
            "--scale 0.5-5$",
        ),
        ((3, 8), "rating 8 .* fit 1-10: add --scale 1-10$"),
        (
            (0, 8),
            "fit 0-10: add --scale 0-10; if 0 means that there is no rating, add --nothing "
            "rating=0 --scale 1-10$",
        ),
        ((1, 0), "fit 0-1: add --scale 0-1$"),
    ],
)
def test_the_refusal_names_the_scale_that_fits(
    tmp_path: Path, values: tuple[float, ...], advice: str
) -> None:
    with pytest.raises(InputError, match=advice):
        refuse_other_scale(rated(tmp_path, *values), (1, 5))


def test_ratings_that_fit_no_usual_scale_are_left_to_the_reader(tmp_path: Path) -> None:
    refuse_other_scale(rated(tmp_path, 0, 3, 5), (1, 5))
    assert usual_scale(np.array([0, 3, 5])) is None


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
