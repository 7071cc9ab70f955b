"""Scales that ratings are usually on, and which of them fit a person's ratings."""

import numpy as np

Scale = tuple[float, float]


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
        if fits and max(known, default=0) > above:
            return low, high
    return None


def scale_advice(values: np.ndarray, column: str) -> str | None:
    """What to do about values off their scale if all of them fit another one."""
    better, rest = usual_scale(values), usual_scale(values[values != 0])
    if better is None:
        return None
    advice = f"declare its scale: all {len(values):,} {column}s fit --scale {_written(better)}"
    if better[0] == 0 and better[1] > 1 and rest not in (better, None):
        return (
            f"correct it, {advice}, or pass --nothing {column}=0 --scale {_written(rest)} if 0 "
            f"means that there is no {column}"
        )
    return f"correct it or {advice}"


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
