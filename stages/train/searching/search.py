"""Seeded search of a model's settings, judged by NDCG@10 on validation rows.

These are the split's own, or others drawn from its train and valid. Trial 0 is the space's start;
each later one draws every searched parameter by what is recorded of those before and a seed of its
own, so that a search that was stopped continues with the same trials.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stages.core.errors import InputError
from stages.core.params import Section, check_section
from stages.core.seeds import derived_seed
from stages.train.fitting.selection import SplitRows, select
from stages.train.searching.sampling import next_drawn, within
from stages.train.searching.space import SPACES, Space
from stages.train.searching.trials import CURRENT, DIGITS, Trial, as_recorded, drawn_trials


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

    def parameters(self, number: int, before: list[Trial]) -> dict[str, Any]:
        """The setting of a trial, given those with lower numbers."""
        if number == 0:
            return self.space.start
        draw = derived_seed(self.seed, "search", self.name, number)
        return self.space.start | next_drawn(self.space.space, before, draw)

    def run(
        self,
        done: list[Trial],
        budget: int,
        clock: Callable[[], float],
        seconds: float | None = None,
    ) -> Iterator[Trial]:
        """Yield each trial up to `budget` that is not among `done`, as it ends.

        seconds: no trial begins once the recorded ones took so long. A setting that was drawn
        before gets its result at once. A record of another space, seed or holdout raises an
        InputError.
        """
        self._require_same(done)
        trials = {trial.trial: trial for trial in drawn_trials(done)}
        for number in range(budget):
            if number in trials:
                continue
            if seconds is not None and sum(one.seconds for one in trials.values()) >= seconds:
                return
            before = [trials[one] for one in sorted(trials) if one < number]
            setting = as_recorded(self.parameters(number, before))
            again = next((one for one in before if one.parameters == setting), None)
            trials[number] = (
                self._fit(number, setting, clock)
                if again is None
                else replace(again, trial=number, seconds=0.0)
            )
            yield trials[number]

    def current(
        self, done: list[Trial], settings: dict[str, Any], clock: Callable[[], float]
    ) -> Trial:
        """The trial of the settings in params.yaml: one of `done`, or made now."""
        config = check_section(f"train.{self.name}", settings, self.module.Config)
        for trial in done:
            judged_alike = trial.holdout in (None, self._holdout())
            seeded_alike = trial.seed in (None, self.seed)
            if judged_alike and seeded_alike and self.config(trial.parameters) == config:
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
        # As the record keeps it, so that a search that continues from it draws the same.
        return Trial(
            trial=number,
            parameters=as_recorded(parameters),
            ndcg=round(ndcg, DIGITS),
            epochs=epochs,
            seconds=clock() - began,
            holdout=self._holdout(),
            seed=self.seed,
        )

    def _require_same(self, done: list[Trial]) -> None:
        for trial in drawn_trials(done):
            what = f"trial {trial.trial} of the recorded search of {self.name}"
            cure = "back, or delete its file to start again"
            if not self._holds(trial):
                raise InputError(f"{what} has a setting outside its space; put the space {cure}")
            if trial.seed not in (None, self.seed):
                raise InputError(
                    f"{what} has the seed {trial.seed}, not {self.seed}; put the seed {cure}"
                )
            if trial.holdout not in (None, self._holdout()):
                raise InputError(
                    f"{what} was judged on another holdout than now; put its holdout {cure}"
                )

    def _holds(self, trial: Trial) -> bool:
        """Whether the space has the setting of a recorded trial."""
        start, choices = self.space.start, self.space.space
        if trial.trial == 0:
            return trial.parameters == as_recorded(start)
        fixed = {name: value for name, value in trial.parameters.items() if name not in choices}
        expected = {name: value for name, value in start.items() if name not in choices}
        return fixed == as_recorded(expected) and within(choices, trial.parameters)
