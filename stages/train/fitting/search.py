"""Seeded random search of a model's settings, judged by NDCG@10 on validation rows.

These are the split's own, or others drawn from its train and valid. Trial 0 is the space's start;
each later one draws every searched parameter from a generator seeded with its number, so that a
search that was stopped continues with the same trials.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field

from stages.core.errors import InputError
from stages.core.params import Section, check_section
from stages.core.seeds import generator
from stages.train.fitting.selection import SplitRows, select
from stages.train.fitting.trials import CURRENT, Trial, drawn_trials

SPACES = Path("experiments/search.yaml")


class Range(Section):
    """Numbers between two bounds; with `log`, equally many per power of ten."""

    low: float
    high: float
    log: bool = False


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

    holdout: tuple[Holdout, ...] = ()
    """What trials are judged on, by the mean over all draws; if None, the split's own rows."""

    start: dict[str, Any] = Field(default_factory=dict)
    """The setting of the literature, tried first; other parameters have the model's defaults."""

    space: dict[str, list[Any] | Range] = Field(min_length=1)
    """Values or a range for each parameter."""


@dataclass(frozen=True)
class Search:
    """What is tuned on what: a model's module, its rows by text form, its space, and the seed."""

    module: Any
    rows: Callable[[str | None], SplitRows]
    space: Space
    seed: int

    @property
    def name(self) -> str:
        """The model's name."""
        return str(self.module.__name__).rpartition(".")[2]

    def parameters(self, trial: int) -> dict[str, Any]:
        """The setting of a trial."""
        if trial == 0:
            return self.space.start
        draw = generator(self.seed, "search", self.name, trial)
        return self.space.start | {
            name: _drawn(choices, draw) for name, choices in self.space.space.items()
        }

    def run(self, done: list[Trial], budget: int, clock: Callable[[], float]) -> Iterator[Trial]:
        """Yield each trial up to `budget` that is not among `done`, as it ends.

        A setting that was drawn before gets its result at once. A record of another space, seed or
        holdout raises an InputError.
        """
        self._require_same(done)
        known = {_text(trial.parameters): trial for trial in drawn_trials(done)}
        for number in sorted({*range(budget)} - {trial.trial for trial in done}):
            drawn = _text(self.parameters(number))
            again = known.get(drawn)
            known[drawn] = (
                self._fit(number, self.parameters(number), clock)
                if again is None
                else replace(again, trial=number, seconds=0.0)
            )
            yield known[drawn]

    def current(
        self, done: list[Trial], settings: dict[str, Any], clock: Callable[[], float]
    ) -> Trial:
        """The trial of the settings in params.yaml: one of `done`, or made now."""
        config = check_section(f"train.{self.name}", settings, self.module.Config)
        for trial in done:
            if trial.holdout in (None, self._holdout()) and self.config(trial.parameters) == config:
                return trial
        return self._fit(CURRENT, settings, clock)

    def config(self, parameters: dict[str, Any]) -> Section:
        """A setting with all defaults of the model."""
        config: Section = check_section(self.name, parameters, self.module.Config, SPACES)
        return config

    def _holdout(self) -> list[dict[str, Any]]:
        """The space's holdout as a record keeps it."""
        return [holdout.model_dump() for holdout in self.space.holdout]

    def _fit(self, number: int, parameters: dict[str, Any], clock: Callable[[], float]) -> Trial:
        began, config = clock(), self.config(parameters)
        given = self.rows(self.module.MODEL(config, self.seed).form)
        judged_on = [
            holdout.redrawn(given, draw, self.seed)
            for holdout in self.space.holdout
            for draw in range(holdout.draws)
        ]
        chosen = [
            select(lambda: self.module.MODEL(config, self.seed), rows)
            for rows in judged_on or [given]
        ]
        ndcg = float(np.mean([fit.valid_ndcg for fit in chosen]))
        best = [fit.watch.best_epoch for fit in chosen if fit.watch.best_epoch is not None]
        epochs = int(np.median(best)) if best else None
        return Trial(number, _as_read(parameters), ndcg, epochs, clock() - began, self._holdout())

    def _require_same(self, done: list[Trial]) -> None:
        for trial in drawn_trials(done):
            number = trial.trial
            if trial.parameters != _as_read(self.parameters(number)):
                raise InputError(
                    f"trial {number} of the recorded search of {self.name} had another setting "
                    "than now; put its space and the seed back, or delete its file to start again"
                )
            if trial.holdout is not None and trial.holdout != self._holdout():
                raise InputError(
                    f"trial {number} of the recorded search of {self.name} was judged on another "
                    "holdout than now; put its holdout back, or delete its file to start again"
                )


def _drawn(choices: list[Any] | Range, draw: np.random.Generator) -> Any:
    if isinstance(choices, list):
        return choices[int(draw.integers(len(choices)))]
    if choices.log:
        return _short(float(np.exp(draw.uniform(np.log(choices.low), np.log(choices.high)))))
    return _short(float(draw.uniform(choices.low, choices.high)))


def _short(value: float) -> float:
    """The value to three digits, so that a setting can be read and copied."""
    return float(f"{value:.3g}")


def _text(parameters: dict[str, Any]) -> str:
    return json.dumps(_as_read(parameters))


def _as_read(parameters: dict[str, Any]) -> dict[str, Any]:
    """Parameters as the record returns them, in order and with strings as keys."""
    return dict(json.loads(json.dumps(parameters, sort_keys=True)))
