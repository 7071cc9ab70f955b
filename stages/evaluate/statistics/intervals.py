"""intervals.json: each ranking against its base and against the best baseline, paired by user."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from stages.contracts.rankings import Ranking
from stages.evaluate.statistics.places import ByRanking, Place
from stages.evaluate.statistics.resampling import LEVEL, POWER, Resampling, detectable, holm

Pair = tuple[str, str]
Tested = dict[Pair, dict[str, Any]]

HOW = {
    "protocol": "full",
    "unit": "the user, whose value in a family is the mean over the splits that count him",
    "difference": "mean over users of the ranking's value less the other's",
    "low, high": f"bootstrap percentile interval, {LEVEL:.0%}",
    "p": "two-sided permutation test, each user's sign flipped",
    "p_holm": "p, Holm-corrected over the table: all differences of this split or family in this metric",
    "detectable": f"smallest true difference found with a power of {POWER:.0%} at a level of {1 - LEVEL:.0%}",
    "baseline": "the model with the highest mean of the first metric among those that evaluate.proposed does not name",
    "between": "each model against each other one in the first metric, Holm-corrected over these pairs",
    "family/group": "the family among users with fewer training ratings than a bound; in cold-users with n of them",
    "fold_mean, fold_sd": "mean and standard deviation of the means of a family's splits",
}


def intervals(
    places: Sequence[Place], proposed: Sequence[str], resampling: Resampling
) -> dict[str, Any]:
    """Every place with two counted users or more."""
    found = {
        place.name: _place(place, proposed, resampling)
        for place in places
        if place.counted.sum() > 1
    }
    return {"how": HOW | {"resamples": resampling.resamples}, "splits": found}


def best_baseline(first: ByRanking, proposed: Sequence[str]) -> str | None:
    """The model with the highest mean that nobody proposes here, the earlier one of equals; None where there is none."""
    means = {
        name: np.nanmean(values) for name, values in first.items() if Ranking(name).kind == "model"
    }
    return max(
        (name for name in means if name not in proposed), key=lambda name: means[name], default=None
    )


def _place(place: Place, proposed: Sequence[str], resampling: Resampling) -> dict[str, Any]:
    first, rankings = next(iter(place.values.items()))
    baseline = best_baseline(rankings, proposed)
    models = [name for name in rankings if Ranking(name).kind == "model"]
    tables = [
        *((metric, _pairs(rankings, baseline)) for metric in place.values),
        (first, list(combinations(models, 2))),
    ]
    *tested, between = _tested(place, tables, resampling)
    rows = {
        metric: _rows(place, metric, baseline, one)
        for metric, one in zip(place.values, tested, strict=True)
    }
    return {
        "baseline": baseline,
        "users": int(place.counted.sum()),
        **rows,
        "between": _nested(between),
    }


def _nested(tested: Tested) -> dict[str, dict[str, Any]]:
    nested: dict[str, dict[str, Any]] = {}
    for (one, other), row in tested.items():
        nested.setdefault(one, {})[other] = row
    return nested


def _against(name: str, baseline: str | None) -> dict[str, str]:
    """What a ranking is compared with, by role."""
    base = {"to_base": Ranking(name).base} if Ranking(name).steps else {}
    return base | ({"to_baseline": baseline} if baseline and baseline != name else {})


def _pairs(rankings: ByRanking, baseline: str | None) -> list[Pair]:
    real = (name for name in rankings if Ranking(name).real)
    return list(
        dict.fromkeys((name, other) for name in real for other in _against(name, baseline).values())
    )


def _tested(
    place: Place, tables: Sequence[tuple[str, Sequence[Pair]]], resampling: Resampling
) -> list[Tested]:
    """For each table, a metric and its pairs: pair → its statistics. All share the draws; each is corrected by itself."""
    values, counted = place.values, place.counted
    columns = [values[metric][a] - values[metric][b] for metric, pairs in tables for a, b in pairs]
    if not columns:
        return [{} for _ in tables]
    differences = np.stack(columns, axis=1)[counted]
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
        {pair: dict(zip(statistics, next(cells), strict=True)) for pair in pairs}
        for _, pairs in tables
    ]


def _rows(place: Place, metric: str, baseline: str | None, tested: Tested) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for name, values in place.values[metric].items():
        if Ranking(name).real:
            roles = _against(name, baseline).items()
            compared = {role: {"against": other, **tested[name, other]} for role, other in roles}
            rows[name] = {
                "mean": float(np.nanmean(values)),
                **place.across(metric, name),
                **compared,
            }
    return rows
