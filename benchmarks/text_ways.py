"""The ways in which benchmarks/text.py brings text into a linear model, and their settings."""

import itertools
from collections.abc import Iterator
from typing import NamedTuple

HELD = (100.0, 300.0, 1000.0)
"""λ of the regression on ratings."""
ROWS = (20.0, 80.0, 320.0)
"""The weight of FFᵀ."""
DRAWN = (300.0, 1000.0, 3000.0)
"""μ, the weight of C."""
SECTIONS: dict[str, tuple[str, ...]] = {
    "overview": ("overview",),
    "attributes": ("genres", "tags"),
    "description": ("description",),
}
AGAINST = {
    "facts": "ratings",
    "text": "ratings",
    "facts and text": "facts",
    "drawn to text": "text",
    "drawn to sections": "drawn to text",
    "drawn to facts and text": "facts and text",
    "both": "facts and text",
}
"""A way → the way that it is compared with, besides ratings alone."""


class Setting(NamedTuple):
    """λ, the features among the rows and their weight, and the μ of each C."""

    l2: float
    rows: str = ""
    weight: float = 0.0
    drawn: tuple[tuple[str, float], ...] = ()


def ways() -> Iterator[tuple[str, Setting]]:
    """Each setting of each way; all ways but `ratings` may leave out what they add."""
    for l2 in HELD:
        yield "ratings", Setting(l2)
        for known in ("facts", "text", "facts and text"):
            for weight in ROWS:
                yield known, Setting(l2, known, weight)
        for known in ("text", "facts and text"):
            for mu in DRAWN:
                yield f"drawn to {known}", Setting(l2, drawn=((known, mu),))
    for l2, *mus in itertools.product(HELD[1:], *[(0.0, DRAWN[1])] * len(SECTIONS)):
        yield "drawn to sections", Setting(l2, drawn=tuple(zip(SECTIONS, mus, strict=True)))
    for l2, weight, mu in itertools.product(HELD[1:], ROWS[:2], DRAWN[:2]):
        drawn = (("facts and text", mu),)
        yield "both", Setting(l2, "facts and text", weight, drawn)
