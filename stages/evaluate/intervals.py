"""intervals.json: each ranking against its base and against the best baseline, paired by user."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from stages.core.rankings import Ranking
from stages.evaluate.places import ByRanking, Place
from stages.evaluate.resampling import LEVEL, POWER, Resampling, detectable, holm

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
    "fold_mean, fold_sd": "mean and standard deviation of the means of a family's splits",
}


def intervals(places: Sequence[Place], proposed: Sequence[str], resampling: Resampling) -> dict[str, Any]:
    """Every place with two counted users or more."""
    found = {place.name: _place(place, proposed, resampling) for place in places if place.counted.sum() > 1}
    return {"how": HOW | {"resamples": resampling.resamples}, "splits": found}


def best_baseline(first: ByRanking, proposed: Sequence[str]) -> str | None:
    """The model with the highest mean that nobody proposes here, the earlier one of equals; None where there is none."""
    means = {name: np.nanmean(values) for name, values in first.items() if Ranking(name).kind == "model"}
    return max((name for name in means if name not in proposed), key=lambda name: means[name], default=None)


def _place(place: Place, proposed: Sequence[str], resampling: Resampling) -> dict[str, Any]:
    baseline = best_baseline(next(iter(place.values.values())), proposed)
    tested = _tested(place, _pairs(next(iter(place.values.values())), baseline), resampling)
    rows = {metric: _rows(place, metric, baseline, tested[metric]) for metric in place.values}
    return {"baseline": baseline, "users": int(place.counted.sum()), **rows, "between": _between(place, resampling)}


def _between(place: Place, resampling: Resampling) -> dict[str, dict[str, Any]]:
    """Each model against each one after it, in the first metric; Holm-corrected over these pairs alone."""
    first = next(iter(place.values))
    models = [name for name in place.values[first] if Ranking(name).kind == "model"]
    only = replace(place, values={first: place.values[first]})
    tested = _tested(only, list(combinations(models, 2)), resampling)[first]
    return {name: {other: row for (one, other), row in tested.items() if one == name} for name in models[:-1]}


def _against(name: str, baseline: str | None) -> dict[str, str]:
    """What a ranking is compared with, by role."""
    base = {"to_base": Ranking(name).base} if Ranking(name).steps else {}
    return base | ({"to_baseline": baseline} if baseline and baseline != name else {})


def _pairs(rankings: ByRanking, baseline: str | None) -> list[Pair]:
    real = (name for name in rankings if Ranking(name).real)
    return list(dict.fromkeys((name, other) for name in real for other in _against(name, baseline).values()))


def _tested(place: Place, pairs: Sequence[Pair], resampling: Resampling) -> dict[str, Tested]:
    """Metric → pair → its statistics; all metrics and pairs share the draws."""
    counted = place.counted
    columns = [rankings[a] - rankings[b] for rankings in place.values.values() for a, b in pairs]
    if not columns:
        return {metric: {} for metric in place.values}
    differences = np.stack(columns, axis=1)[counted]
    low, high = resampling.interval(place.name, differences)
    p = resampling.p_values(place.name, differences).reshape(len(place.values), -1)
    statistics = {
        "difference": differences.mean(axis=0),
        "low": low,
        "high": high,
        "p": p.ravel(),
        "p_holm": np.concatenate([holm(row) for row in p]),
        "detectable": detectable(differences),
    }
    cells = iter(zip(*(column.tolist() for column in statistics.values()), strict=True))
    return {
        metric: {pair: dict(zip(statistics, next(cells), strict=True)) for pair in pairs} for metric in place.values
    }


def _rows(place: Place, metric: str, baseline: str | None, tested: Tested) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    for name, values in place.values[metric].items():
        if Ranking(name).real:
            roles = _against(name, baseline).items()
            compared = {role: {"against": other, **tested[name, other]} for role, other in roles}
            rows[name] = {"mean": float(np.nanmean(values)), **place.across(metric, name), **compared}
    return rows
