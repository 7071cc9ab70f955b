"""Axes: round ticks, and the way from data to the page."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class Axis:
    """A linear map of [low, high] to [start, end], and the ticks to draw."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]

    def __call__(self, value: float) -> float:
        """The position of `value`, to a tenth of a unit."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(self.start + share * (self.end - self.start), 1)


def nice_ticks(low: float, high: float, about: int = 4) -> tuple[float, ...]:
    """Round numbers from at most `low` to at least `high`."""
    rough = (high - low) / about or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(step * power for step in _STEPS if step * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(number * step, 10) for number in range(first, max(last, first + 1) + 1))


def y_scale(values: Iterable[float], start: float, end: float, from_zero: bool) -> Axis:
    """Ticks that enclose the values, from zero where a length should be read."""
    known = list(values)
    low, high = (0.0 if from_zero else min(known)), max(known)
    ticks = nice_ticks(low, high if high > low else low + 1.0)
    return Axis(ticks[0], ticks[-1], start, end, ticks)


def x_scale(values: Iterable[float], start: float, end: float) -> Axis:
    """The values themselves as ticks where they are few, else round ones inside."""
    known = sorted(set(values))
    inside = tuple(
        tick for tick in nice_ticks(known[0], known[-1]) if known[0] <= tick <= known[-1]
    )
    return Axis(known[0], known[-1], start, end, tuple(known) if len(known) <= 6 else inside)
