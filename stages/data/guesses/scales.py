"""Scales that ratings are usually on, and which of them fit a person's ratings."""

import numpy as np

from stages.data.sheets.sheet import Sheet
from stages.data.sheets.values import Scale, numbers

_PAIRS: tuple[tuple[Scale, set[float]], ...] = (((0, 1), {0, 1}), ((-1, 1), {-1, 1}))
"""Scales of two values: dislike and like."""
_STEPPED: tuple[tuple[Scale, float, float], ...] = (
    ((0.5, 5), 0.5, 0),
    ((1, 10), 0.5, 5),
    ((0, 10), 0.5, 5),
    ((0, 100), 1, 10),
)
"""Scales, their steps, and what the highest rating must be above, the narrowest first.

Of 0 to 5 it is not known whether a 0 is a rating.
"""


def usual_scale(values: np.ndarray) -> Scale | None:
    """The narrowest usual scale on which all of these values are steps, if there is one."""
    known = set(np.unique(values).tolist())
    for scale, both in _PAIRS:
        if known == both:
            return scale
    for (low, high), step, above in _STEPPED:
        fits = all(low <= value <= high and value % step == 0 for value in known)
        if fits and max(known) > above:
            return low, high
    return None


def refuse_other_scale(sheet: Sheet, scale: Scale) -> None:
    """Refuse ratings off a scale that nobody gave, if all of them fit another one."""
    if "rating" not in sheet.rows:
        return
    values = numbers(sheet, "rating")
    better = usual_scale(values)
    if better is None:
        return
    which, rest = _written(better), usual_scale(values[values != 0])
    zero = (
        f"; if 0 means that there is no rating, add --nothing rating=0 --scale {_written(rest)}"
        if better[0] == 0 and better[1] > 1 and rest not in (better, None)
        else ""
    )
    sheet.refuse(
        (values < scale[0]) | (values > scale[1]),
        lambda row: (
            f"rating {sheet.rows['rating'][row].strip()} is not on the scale "
            f"{_written(scale)}, but all {len(values):,} ratings fit {which}: add "
            f"--scale {which}{zero}"
        ),
    )


def notes_on_scale(values: np.ndarray, scale: Scale) -> tuple[str, ...]:
    """What to say of ratings on a scale that nobody gave: another fits, or none differ."""
    if len(values) > 1 and (values == values[0]).all():
        return (
            f"every rating is {values[0]:g}, which tells nothing apart; if a line only says that a "
            "user used an item, import with --implicit",
        )
    better = usual_scale(values)
    if better == (0.5, 5) and (values % 1 != 0).any() and scale != better:
        return ("there are half stars, so the scale may be 0.5-5; if so, add --scale 0.5-5",)
    return ()


def _written(scale: Scale | None) -> str:
    return "" if scale is None else f"{scale[0]:g}-{scale[1]:g}"
