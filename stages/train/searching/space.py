"""What is searched for one model, and on which rows its trials are judged."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from stages.core.errors import InputError
from stages.core.params import Section
from stages.core.seeds import generator
from stages.train.fitting.rows import SplitRows

SPACES = Path("experiments/search.yaml")


class Range(Section):
    """Numbers between two bounds, both included."""

    low: float
    high: float

    log: bool = False
    """Whether each power of ten is as likely as another."""

    whole: bool = False
    """Whether only whole numbers are drawn."""

    @model_validator(mode="after")
    def _has_numbers(self) -> Self:
        if not self.low <= self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")
        if self.log and self.low <= 0:
            raise ValueError(f"low {self.low:g} is not above 0, so it has no power of ten")
        return self


class Holdout(Section):
    """Validation rows shaped as MovieLens 100K's official tests: many ratings of some users."""

    users: float = Field(gt=0, le=1)
    """Share of the users from row `first`; each draw takes different ones."""

    ratings: float = Field(gt=0, lt=1)
    """Share of these users' ratings in train and valid."""

    draws: int = Field(ge=1)
    """How many draws, each with its own fit; their mean counts."""

    first: int = Field(0, ge=0)
    """Users before this row are not drawn: where the test takes ratings of some users alone, these
    have gaps, and what a good ranking puts there would count against it."""

    def redrawn(self, rows: SplitRows, draw: int, seed: int) -> SplitRows:
        """`rows` with other validation rows, and without user profiles, which have seen those."""
        if self.first >= rows.n_users:
            raise InputError(
                f"holdout.first is {self.first}, but there are {rows.n_users} users; give a lower "
                "row"
            )
        both = pd.concat([rows.train, rows.valid], ignore_index=True)
        among = generator(seed, "holdout").permutation(np.arange(self.first, rows.n_users))
        size = max(1, int(self.users * len(among)))
        chosen = both["user_row"].isin(
            np.take(among, np.arange(draw * size, (draw + 1) * size), mode="wrap")
        )
        held = chosen & (generator(seed, "holdout", draw).random(len(both)) < self.ratings)
        return replace(rows, train=both[~held], valid=both[held], user_text=None)


class Space(Section):
    """What is searched for one model."""

    trials: int = Field(ge=1)
    """The budget of trials."""

    hours: float | None = Field(None, gt=0)
    """No trial begins after the trials so far took this long; None sets no limit."""

    holdout: tuple[Holdout, ...] = ()
    """What trials are judged on, by the mean over all draws; if None, the split's own rows."""

    start: dict[str, Any] = Field(default_factory=dict)
    """The setting of the literature, tried first; other parameters have the model's defaults."""

    space: dict[str, list[Any] | Range] = Field(min_length=1)
    """Values or a range for each parameter."""
