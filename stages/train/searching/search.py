"""Seeded search of a model's settings, judged by NDCG@10 on validation rows.

These are the split's own, or others drawn from its train and valid. Trial 0 is the space's start;
each later one draws every searched parameter by what is recorded of those before and a seed of its
own, so that a search that was stopped continues with the same trials. With several at once, a
trial is drawn by what is known of those that lie at least so many before it, whichever ends first:
the order in which workers end changes nothing.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from stages.core.errors import InputError
from stages.core.params import Section, check_section
from stages.core.parcels import LATER
from stages.core.seeds import derived_seed
from stages.core.spread import spread
from stages.train.fitting.rows import SplitRows
from stages.train.searching.attempt import Attempt, made_of, recorded_holdouts
from stages.train.searching.sampling import next_drawn, within
from stages.train.searching.space import SPACES, Space
from stages.train.searching.trials import CURRENT, Trial, as_recorded, drawn_trials


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

    def parameters(
        self, number: int, before: list[Trial], under_way: Sequence[dict[str, Any]] = ()
    ) -> dict[str, Any]:
        """The setting of a trial, given those with lower numbers; under_way: see `next_drawn`."""
        if number == 0:
            return self.space.start
        draw = derived_seed(self.seed, "search", self.name, number)
        return self.space.start | next_drawn(self.space.space, before, draw, under_way)

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
        course = self._course(done, budget, seconds)
        for step in course.steps():
            if isinstance(step, Attempt):
                course.trials[step.number] = step.made(self.rows(step.form), clock)
                yield course.trials[step.number]
            else:
                yield step

    def run_at_once(
        self,
        done: list[Trial],
        budget: int,
        at_once: int,
        threads: int = 1,
        seconds: float | None = None,
    ) -> Generator[Trial, None, None]:
        """The same with so many trials at once, on this machine or on a cluster."""
        course = self._course(done, budget, seconds, at_once)
        shared, repeated = self.form(self.space.start), list[Trial]()

        def parts() -> Iterator[object]:
            for step in course.steps():
                if isinstance(step, Trial):
                    repeated.append(step)
                elif isinstance(step, Attempt):
                    # The rows that nearly all trials read are sent once.
                    yield step, None if step.form == shared else self.rows(step.form)
                else:
                    yield step

        given = {"rows": self.rows(shared)}
        with closing(spread(made_of, parts(), threads, shared=given, at_once=at_once)) as results:
            for _, trial in results:
                course.trials[trial.trial] = trial
                yield trial
                while repeated:
                    yield repeated.pop(0)
        yield from repeated

    def _course(
        self, done: list[Trial], budget: int, seconds: float | None, at_once: int = 1
    ) -> "Course":
        self._require_same(done)
        trials = {trial.trial: trial for trial in drawn_trials(done)}
        return Course(self, trials, budget, seconds, at_once)

    def form(self, parameters: dict[str, Any]) -> str | None:
        """The form of text that the model reads with a setting."""
        form: str | None = self.module.MODEL(self.config(parameters), self.seed).form
        return form

    def attempt(self, number: int, parameters: dict[str, Any]) -> Attempt:
        """A trial to be made."""
        config = self.config(parameters)
        return Attempt(self.module.MODEL, config, self.seed, self.space.holdout, number, parameters)

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
        attempt = self.attempt(CURRENT, settings)
        return attempt.made(self.rows(attempt.form), clock)

    def config(self, parameters: dict[str, Any]) -> Section:
        """A setting with all defaults of the model."""
        config: Section = check_section(self.name, parameters, self.module.Config, SPACES)
        return config

    def _holdout(self) -> list[dict[str, Any]]:
        """The space's holdout as a record keeps it."""
        return recorded_holdouts(self.space.holdout)

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


@dataclass
class Course:
    """Which trial comes next, and when; `trials` takes each result as it is there."""

    search: Search
    trials: dict[int, Trial]
    budget: int
    seconds: float | None
    at_once: int

    def steps(self) -> Iterator[Any]:
        """Each Attempt; a Trial if its setting was tried before; LATER if it has to wait."""
        settings = {number: trial.parameters for number, trial in self.trials.items()}
        for number in range(self.budget):
            if number in self.trials:
                continue
            known = number - self.at_once
            while not all(earlier in self.trials for earlier in range(known + 1)):
                yield LATER
            spent = sum(trial.seconds for trial in self.trials.values())
            if self.seconds is not None and spent >= self.seconds:
                return
            before = [self.trials[one] for one in sorted(self.trials) if one <= known]
            under_way = [settings[one] for one in range(max(known + 1, 0), number)]
            setting = as_recorded(self.search.parameters(number, before, under_way))
            settings[number] = setting
            again = next((one for one in before if one.parameters == setting), None)
            if again is None:
                yield self.search.attempt(number, setting)
            else:
                self.trials[number] = replace(again, trial=number, seconds=0.0)
                yield self.trials[number]
