"""Seeded random search of a model's settings, judged by NDCG@10 on validation rows, the split's or others drawn from its
train and valid.

Trial 0 is the space's start; each later one draws every searched parameter from a generator of its own number, so that
a search that was stopped goes on with the trials that it would have had.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import Field

from stages.core.errors import InputError
from stages.core.params import Section, check_section
from stages.core.seeds import generator
from stages.train.fitting.selection import SplitRows, select

SPACES = Path("experiments/search.yaml")


class Range(Section):
    """Numbers between two ends; with `log`, as many in each power of ten."""

    low: float
    high: float
    log: bool = False


class Holdout(Section):
    """Validation rows in the shape of MovieLens 100K's official tests: many ratings of some users, none of the others."""

    users: float = Field(gt=0, le=1)
    """Share of the users from `first` on, others in each draw."""

    ratings: float = Field(gt=0, lt=1)
    """Share of their ratings in train and valid."""

    draws: int = Field(ge=1)
    """Draws, each with a fit; their mean counts."""

    first: int = Field(0, ge=0)
    """Users are drawn from this row on: where the test takes ratings of some users alone, those before it have gaps, and
    what a good ranking puts there would count against it."""

    def redrawn(self, rows: SplitRows, draw: int, seed: int) -> SplitRows:
        """`rows` with other validation rows; without user profiles, which have seen them."""
        if self.first >= rows.n_users:
            raise InputError(
                f"holdout.first is {self.first}, but there are {rows.n_users} users; give a lower row"
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
    """The budget."""

    holdout: tuple[Holdout, ...] = ()
    """What a trial is judged on, the mean over the draws of all; else the split's own validation rows."""

    start: dict[str, Any] = Field(default_factory=dict)
    """The setting of the source, tried first; the rest are the model's defaults."""

    space: dict[str, list[Any] | Range] = Field(min_length=1)
    """Values or a range for each parameter."""


@dataclass(frozen=True)
class Trial:
    """One setting, its NDCG@10 on valid, the epochs that were best (None where there are none), and the seconds."""

    trial: int
    parameters: dict[str, Any]
    ndcg: float
    epochs: int | None
    seconds: float


@dataclass(frozen=True)
class Search:
    """What is tuned on what: a model file's module, its rows by the text form it asks for, its space, and the seed."""

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
        """The trials up to `budget` that are not among `done`, each as it ends; one drawn again has its result at once."""
        self._require_same(done)
        known = {_text(one.parameters): one for one in done}
        for number in sorted({*range(budget)} - {one.trial for one in done}):
            drawn = _text(self.parameters(number))
            again = known.get(drawn)
            known[drawn] = (
                self._fitted(number, clock)
                if again is None
                else replace(again, trial=number, seconds=0.0)
            )
            yield known[drawn]

    def _fitted(self, number: int, clock: Callable[[], float]) -> Trial:
        parameters, began = self.parameters(number), clock()
        config = check_section(self.name, parameters, self.module.Config, SPACES)
        given = self.rows(self.module.MODEL(config, self.seed).form)
        chosen = [
            select(lambda: self.module.MODEL(config, self.seed), rows)
            for rows in self._judged_on(given)
        ]
        ndcg = float(np.mean([one.valid_ndcg for one in chosen]))
        epochs = [one.watch.best_epoch for one in chosen if one.watch.best_epoch is not None]
        return Trial(
            number, parameters, ndcg, int(np.median(epochs)) if epochs else None, clock() - began
        )

    def _judged_on(self, rows: SplitRows) -> list[SplitRows]:
        return [
            one.redrawn(rows, n, self.seed) for one in self.space.holdout for n in range(one.draws)
        ] or [rows]

    def _require_same(self, done: list[Trial]) -> None:
        other = [
            one.trial for one in done if one.parameters != _as_read(self.parameters(one.trial))
        ]
        if other:
            raise InputError(
                f"trial {other[0]} of the recorded search of {self.name} had another setting than now; put its space "
                "and the seed back, or delete its file to begin anew"
            )


def best_first(trials: list[Trial]) -> list[Trial]:
    """Trials by NDCG@10, the earlier of equals first."""
    return sorted(trials, key=lambda one: (-one.ndcg, one.trial))


COLUMNS = tuple({"ndcg": "valid_ndcg@10"}.get(field.name, field.name) for field in fields(Trial))


def as_csv(trials: list[Trial]) -> str:
    """Trials as a table, parameters as JSON."""
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(COLUMNS)
    for number, parameters, ndcg, epochs, seconds in map(astuple, trials):
        table.writerow(
            [
                number,
                json.dumps(parameters, sort_keys=True),
                f"{ndcg:.5f}",
                epochs,
                f"{seconds:.1f}",
            ]
        )
    return stream.getvalue()


def from_csv(text: str) -> list[Trial]:
    """The trials of such a table."""
    return [
        Trial(
            int(number),
            json.loads(parameters),
            float(ndcg),
            int(epochs) if epochs else None,
            float(seconds),
        )
        for number, parameters, ndcg, epochs, seconds in list(csv.reader(io.StringIO(text)))[1:]
    ]


def _drawn(choices: list[Any] | Range, draw: np.random.Generator) -> Any:
    if isinstance(choices, list):
        return choices[int(draw.integers(len(choices)))]
    if choices.log:
        return _short(float(np.exp(draw.uniform(np.log(choices.low), np.log(choices.high)))))
    return _short(float(draw.uniform(choices.low, choices.high)))


def _short(value: float) -> float:
    """Three digits, so that a setting can be read and copied."""
    return float(f"{value:.3g}")


def _text(parameters: dict[str, Any]) -> str:
    return json.dumps(_as_read(parameters), sort_keys=True)


def _as_read(parameters: dict[str, Any]) -> dict[str, Any]:
    """Parameters as they come back from JSON, whose keys are texts."""
    return dict(json.loads(json.dumps(parameters)))
