"""intervals.json: each ranking against its base and against the best baseline, paired by user."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from stages.contracts.metrics.numbers import (
    Against,
    Difference,
    Intervals,
    RankingTests,
    SplitTests,
)
from stages.contracts.rankings import Ranking
from stages.evaluate.statistics.places import ByRanking, Place
from stages.evaluate.statistics.resampling import LEVEL, POWER, Resampling, detectable, holm

Pair = tuple[str, str]
Tested = dict[Pair, Difference]

_HOW = {
    "protocol": "full",
    "unit": "the user, whose value in a family is the mean over the splits that count them",
    "difference": "mean over users of the ranking's value less the other's",
    "low, high": f"bootstrap percentile interval, {LEVEL:.0%}",
    "p": "two-sided permutation test, each user's sign flipped",
    "p_holm": "p, Holm-corrected over the table: "
    "all differences of this split or family in this metric",
    "detectable": "smallest true difference found "
    f"with a power of {POWER:.0%} at a level of {1 - LEVEL:.0%}",
    "baseline": "the model with the highest mean of the first metric "
    "among those that evaluate.proposed does not name",
    "between": "each model against each other one in the first metric, "
    "Holm-corrected over these pairs",
    "family/group": "the family among users with fewer training ratings than a bound; "
    "in cold-users with n of them",
    "fold_mean, fold_sd": "mean and standard deviation of the means of a family's splits",
}


def intervals(
    dataset: str, places: Sequence[Place], proposed: Sequence[str], resampling: Resampling
) -> Intervals:
    """Every place with at least two counted users."""
    tests = {
        place.name: _split_tests(place, proposed, resampling)
        for place in places
        if place.counted.sum() > 1
    }
    return Intervals(dataset=dataset, how=_HOW | {"resamples": resampling.resamples}, splits=tests)


def best_baseline(first: ByRanking, proposed: Sequence[str]) -> str | None:
    """The best model by mean that is not proposed here, the earlier of equals, or None."""
    means = {
        name: np.nanmean(values)
        for name, values in first.items()
        if Ranking(name).kind == "model" and name not in proposed
    }
    return max(means, key=lambda name: means[name], default=None)


def _split_tests(place: Place, proposed: Sequence[str], resampling: Resampling) -> SplitTests:
    first, rankings = next(iter(place.values.items()))
    baseline = best_baseline(rankings, proposed)
    real = [name for name in rankings if Ranking(name).real]
    against = {name: _against(name, baseline) for name in real}
    pairs = dict.fromkeys((name, other) for name in real for other in against[name].values())
    models = [name for name in rankings if Ranking(name).kind == "model"]
    tables = [
        *((metric, list(pairs)) for metric in place.values),
        (first, list(combinations(models, 2))),
    ]
    *tested, tested_between = _tested(place, tables, resampling)
    metrics = {
        metric: {
            name: _ranking_tests(place, metric, name, against[name], tests)
            for name in place.values[metric]
            if Ranking(name).real
        }
        for metric, tests in zip(place.values, tested, strict=True)
    }
    between: dict[str, dict[str, Difference]] = {}
    for (first_model, other), difference in tested_between.items():
        between.setdefault(first_model, {})[other] = difference
    users = int(place.counted.sum())
    return SplitTests(baseline=baseline, users=users, between=between, **metrics)


def _against(name: str, baseline: str | None) -> dict[str, str]:
    """What a ranking is compared with, by role."""
    base = {"to_base": Ranking(name).base} if Ranking(name).steps else {}
    return base | ({"to_baseline": baseline} if baseline and baseline != name else {})


def _tested(
    place: Place, tables: Sequence[tuple[str, Sequence[Pair]]], resampling: Resampling
) -> list[Tested]:
    """For each table, a metric and its pairs: pair → its difference.

    All tables share the draws; each is corrected separately.
    """
    values, counted = place.values, place.counted
    columns = [values[metric][a] - values[metric][b] for metric, pairs in tables for a, b in pairs]
    if not columns:
        return [{} for _ in tables]
    differences = np.stack(columns, axis=1)[counted]  # (users, pairs of all tables)
    low, high = resampling.interval(place.name, differences)
    p = resampling.p_values(place.name, differences)
    ends = np.cumsum([len(pairs) for _, pairs in tables])[:-1]
    statistics = {
        "difference": differences.mean(axis=0),
        "low": low,
        "high": high,
        "p": p,
        "p_holm": np.concatenate([holm(part) for part in np.split(p, ends)]),
        "detectable": detectable(differences),
    }
    cells = iter(zip(*(column.tolist() for column in statistics.values()), strict=True))
    return [
        {pair: Difference(**dict(zip(statistics, next(cells), strict=True))) for pair in pairs}
        for _, pairs in tables
    ]


def _ranking_tests(
    place: Place, metric: str, name: str, against: dict[str, str], tests: Tested
) -> RankingTests:
    roles = {
        role: Against(against=other, **dict(tests[name, other])) for role, other in against.items()
    }
    mean = float(np.nanmean(place.values[metric][name]))
    return RankingTests(mean=mean, **place.across(metric, name), **roles)
