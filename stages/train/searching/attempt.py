"""A trial that is still to be made, in any process."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stages.core.params import Section
from stages.train.fitting.rows import SplitRows
from stages.train.fitting.selection import select
from stages.train.searching.space import Holdout
from stages.train.searching.trials import DIGITS, Trial, as_recorded


def recorded_holdouts(holdouts: Sequence[Holdout]) -> list[dict[str, Any]]:
    """Holdouts as a record keeps them."""
    return [holdout.model_dump() for holdout in holdouts]


@dataclass(frozen=True)
class Attempt:
    """A trial that is still to be made: a model's class, its settings and what it is judged on."""

    model: Any
    config: Section
    seed: int
    holdouts: tuple[Holdout, ...]
    number: int
    parameters: dict[str, Any]

    @property
    def form(self) -> str | None:
        """The form of text that the model reads."""
        form: str | None = self.model(self.config, self.seed).form
        return form

    def made(self, given: SplitRows, clock: Callable[[], float]) -> Trial:
        """Fit and judge it; given: the split's own rows."""
        began = clock()
        judged_on = [
            holdout.redrawn(given, draw, self.seed)
            for holdout in self.holdouts
            for draw in range(holdout.draws)
        ]
        chosen = [
            select(lambda: self.model(self.config, self.seed), rows)
            for rows in judged_on or [given]
        ]
        ndcg = float(np.mean([fit.valid_ndcg for fit in chosen]))
        best = [fit.watch.best_epoch for fit in chosen if fit.watch.best_epoch is not None]
        # As the record keeps it, so that a search that continues from it draws the same.
        return Trial(
            trial=self.number,
            parameters=as_recorded(self.parameters),
            ndcg=round(ndcg, DIGITS),
            epochs=int(np.median(best)) if best else None,
            seconds=clock() - began,
            holdout=recorded_holdouts(self.holdouts),
            seed=self.seed,
        )


def made_of(part: tuple[Attempt, SplitRows | None], rows: SplitRows) -> Trial:
    """A worker's trial; rows: those of the space's start, unless it has its own."""
    attempt, own = part
    return attempt.made(own or rows, time.perf_counter)
