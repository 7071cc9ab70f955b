"""The section `evaluate:` of params.yaml."""

from typing import Annotated

from pydantic import Field

from stages.core.params import Section

Depth = Annotated[int, Field(ge=1, le=100)]


class EvaluateParams(Section):
    """How rankings are measured."""

    k: tuple[Depth, ...] = Field((10, 20), min_length=1)
    """Depths of the summary; headline and metrics beyond accuracy use the first one."""

    curve_k: tuple[Depth, ...] = Field((1, 5, 10, 15, 20), min_length=1)
    """Depths of curves.csv."""

    trade_offs: tuple[Annotated[float, Field(ge=0, le=1)], ...] = (
        0.0,
        0.1,
        0.2,
        0.3,
        0.4,
        0.5,
        0.6,
        0.7,
        0.8,
    )
    """Knobs of `diverse` and `calibrated` in trade_offs.csv; none leaves it empty."""

    groups: tuple[int, ...] = (10, 20)
    """A group of users for each bound, those with strictly fewer ratings in train + valid."""

    proposed: tuple[str, ...] = ("gat", "integrated", "unified", "e2ep", "e2epfacts", "e2epraw")
    """Models proposed as improvements; the best of the others is the baseline of intervals.json."""

    resamples: int = Field(4999, ge=99, le=100_000)
    """Bootstrap and permutation draws behind an interval and a p value."""
