"""Trials of a search, and the table that records them."""

import csv
import io
import json
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path
from typing import Any

from stages.core.errors import InputError

CURRENT = -1
"""The number of the trial of the settings in params.yaml; the record calls it `current`."""
_CURRENT = "current"
DIGITS = 5
"""Decimals of NDCG in the record."""


@dataclass(frozen=True)
class Trial:
    """One setting and its result.

    ndcg: NDCG@10 on the validation rows. epochs: the best number, or None for a model without
    epochs. holdout: what it was judged on, as in Space. seed: that of the search. Either is None in
    an old record, which does not say.
    """

    trial: int
    parameters: dict[str, Any]
    ndcg: float
    epochs: int | None
    seconds: float
    holdout: list[dict[str, Any]] | None = field(default_factory=list)
    seed: int | None = None

    @property
    def name(self) -> str:
        """Its number from 0, or `current`, in the record and in the terminal."""
        return _CURRENT if self.trial == CURRENT else str(self.trial)


def drawn_trials(trials: list[Trial]) -> list[Trial]:
    """Those that the search drew: all but that of the current settings."""
    return [trial for trial in trials if trial.trial != CURRENT]


def best_first(trials: list[Trial]) -> list[Trial]:
    """Trials by NDCG@10, the earlier of equals first."""
    return sorted(trials, key=lambda trial: (-trial.ndcg, trial.trial))


_COLUMNS = tuple({"ndcg": "valid_ndcg@10"}.get(field.name, field.name) for field in fields(Trial))


def as_recorded(value: Any) -> Any:
    """A setting or a part of it as the record returns it: sorted, with strings as keys."""
    return json.loads(json.dumps(value, sort_keys=True))


def as_csv(trials: list[Trial]) -> str:
    """Trials as a table, parameters and holdout as JSON."""
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(_COLUMNS)
    for trial in trials:
        _, parameters, ndcg, epochs, seconds, holdout, seed = astuple(trial)
        judged_on = "" if holdout is None else json.dumps(holdout, sort_keys=True)
        setting = json.dumps(parameters, sort_keys=True)
        figures = [f"{ndcg:.{DIGITS}f}", epochs, f"{seconds:.1f}"]
        table.writerow([trial.name, setting, *figures, judged_on, seed])
    return stream.getvalue()


def from_csv(text: str, where: Path) -> list[Trial]:
    """The trials of a table in this form; earlier records lack `holdout` or `seed`.

    where: the file, for an InputError about a line that is no trial.
    """
    table, trials = csv.reader(io.StringIO(text)), []
    next(table, None)
    for row in table:
        try:
            trials.append(_trial(*row))
        except (TypeError, ValueError) as error:
            raise InputError(
                f"{where}, line {table.line_num} is not a trial; put the file back from Git, "
                "or delete it to search again"
            ) from error
    return trials


def _trial(
    name: str,
    parameters: str,
    ndcg: str,
    epochs: str,
    seconds: str,
    judged_on: str = "",
    seed: str = "",
) -> Trial:
    return Trial(
        CURRENT if name == _CURRENT else int(name),
        dict(json.loads(parameters)),
        float(ndcg),
        int(epochs) if epochs else None,
        float(seconds),
        json.loads(judged_on) if judged_on else None,
        int(seed) if seed else None,
    )
