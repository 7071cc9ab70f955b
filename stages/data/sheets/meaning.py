"""What the numbers in a person's file mean: the scale, and which ratings are positive."""

import math
import re
from dataclasses import dataclass, field, replace

from stages.core.errors import InputError
from stages.data.layouts.layout import LISTS, Layout
from stages.data.sheets.nothing import Nothing
from stages.data.sheets.ratings import IMPLICIT_SCALE
from stages.data.sheets.scales import Scale

_SCALE = re.compile(r"(-?\d+(?:\.\d+)?)-(-?\d+(?:\.\d+)?)")
_STARS: Scale = (1.0, 5.0)


@dataclass(frozen=True)
class Meaning:
    """What the ratings mean, and what becomes of rows that cannot be used.

    notes: what the person did not specify but should know. nothing: values that mean nothing.
    drop_unknown: ratings of unknown items are left out. skip_faults: so is every faulty row.
    given: whether the person gave the scale.
    """

    scale: Scale = _STARS
    positive_at: float = 4.0
    implicit: bool = False
    keep_last: bool = False
    notes: tuple[str, ...] = ()
    given: bool = False
    nothing: Nothing = field(default_factory=Nothing)
    drop_unknown: bool = False
    skip_faults: bool = False


def parse_meaning(
    scale: str | None, positive_at: float | None, implicit: bool, keep_last: bool
) -> Meaning:
    """The options --scale, --positive-at, --implicit and --duplicates as one value."""
    if implicit:
        if scale is not None or positive_at is not None:
            raise InputError(
                "--implicit means that there is no rating; leave out --scale and --positive-at"
            )
        return Meaning(IMPLICIT_SCALE, IMPLICIT_SCALE[1], True, keep_last)
    low, high = _parse_scale(scale)
    guessed = positive_at is None and (low, high) != _STARS
    threshold = low + 0.75 * (high - low) if guessed else Meaning.positive_at
    if positive_at is not None:
        threshold = positive_at
    if not low < threshold <= high:
        raise InputError(
            f"--positive-at {threshold:g} must lie above {low:g} and at most at {high:g}, "
            "as on the scale"
        )
    note = (
        f"a rating from {threshold:g} counts as positive, three quarters up the scale; "
        "--positive-at sets another"
    )
    notes = (note,) if guessed else ()
    return Meaning((low, high), threshold, False, keep_last, notes, given=scale is not None)


def meaning_of(form: Layout, given: Meaning) -> Meaning:
    """What the numbers of a file mean whose form may say itself that there are none."""
    if form not in LISTS or given.implicit:
        return given
    if given.scale != _STARS or given.positive_at != Meaning.positive_at:
        raise InputError(
            "lists of items hold no ratings; leave out --scale and --positive-at, or import with "
            "--form table"
        )
    return replace(
        given, scale=IMPLICIT_SCALE, positive_at=IMPLICIT_SCALE[1], implicit=True, notes=()
    )


def _parse_scale(text: str | None) -> Scale:
    if text is None:
        return _STARS
    ends = _SCALE.fullmatch(text.strip())
    if ends is None or not -math.inf < float(ends[1]) < float(ends[2]) < math.inf:
        raise InputError(
            f"--scale {text} is not MIN-MAX with MIN below MAX; write it like 1-10 or 0.5-5"
        )
    return float(ends[1]), float(ends[2])
