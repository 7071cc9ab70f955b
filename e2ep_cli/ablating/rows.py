"""Outcomes become rows: a ranking under an ablation against the base run's, paired by user."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from e2ep_cli.ablating.entries import BASE
from stages.contracts.rankings import Ranking
from stages.core.errors import InputError

if TYPE_CHECKING:
    from e2ep_cli.ablating.experiments import Seconds
    from e2ep_cli.ablating.outcome import AblationOutcome
    from stages.evaluate.statistics.resampling import Resampling


@dataclass(frozen=True)
class AblationRow:
    """A metric of a ranking, and its difference from the base run's; None for the base run itself.

    low, high: 95 % interval of the paired difference over users. seconds: of training, if it was
    printed. dollars: for answers, if prices are known. made: a hash of the fits. experiment: the
    name of the DVC experiment.
    """

    ablation: str
    ranking: str
    against: str
    splits: str
    metric: str
    users: int
    value: float
    difference: float | None
    low: float | None
    high: float | None
    seconds: float | None
    dollars: float | None
    made: str
    experiment: str

    @property
    def key(self) -> tuple[str, ...]:
        """The key by which a later run replaces a row."""
        return self.ablation, self.ranking, self.against, self.splits, self.metric


def rows_of(
    outcome: "AblationOutcome",
    base: "AblationOutcome",
    seconds: "Seconds",
    resampling: "Resampling",
) -> list[AblationRow]:
    """Every metric of every ranking of an outcome; `base` may be the outcome itself."""
    return [
        _row(outcome, base, ranking, metric, seconds, resampling)
        for metric in outcome.place.values
        for ranking in outcome.plan.ablation.entry.compare
    ]


def _row(
    outcome: "AblationOutcome",
    base: "AblationOutcome",
    ranking: str,
    metric: str,
    seconds: "Seconds",
    resampling: "Resampling",
) -> AblationRow:
    import numpy as np

    is_base = outcome.plan.ablation.name == BASE
    against = "" if is_base else outcome.plan.ablation.entry.compare[ranking]
    values = outcome.place.values[metric][ranking]
    difference = low = high = None
    if not is_base:
        difference, low, high = _difference(
            values, base.place.values[metric][against], outcome.place.name, resampling
        )
    model = Ranking(ranking).base
    trained = [seconds.get((model, split)) for split in outcome.made[model]]
    return AblationRow(
        ablation=outcome.plan.ablation.name,
        ranking=ranking,
        against=against,
        splits=outcome.place.name,
        metric=metric,
        users=int(outcome.place.counted.sum()),
        value=float(np.nanmean(values)),
        difference=difference,
        low=low,
        high=high,
        seconds=None if None in trained else sum(filter(None, trained)),
        dollars=outcome.dollars[ranking],
        made=_made(model, outcome.made[model]),
        experiment=outcome.plan.experiment,
    )


def _difference(
    values: Any, others: Any, use: str, resampling: "Resampling"
) -> tuple[float, float, float]:
    import numpy as np

    if len(values) != len(others) or (np.isnan(values) != np.isnan(others)).any():
        raise InputError(
            "an ablation does not count the base run's users; leave its splits and data unchanged"
        )
    differences = (values - others)[~np.isnan(values), None]
    low, high = resampling.interval(use, differences)
    return float(differences.mean()), float(low[0]), float(high[0])


def _made(model: str, by_split: dict[str, str]) -> str:
    return hashlib.md5(
        f"{model} {sorted(by_split.items())}".encode(), usedforsecurity=False
    ).hexdigest()[:12]
