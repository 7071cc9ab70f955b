"""groups.json: what a ranking is worth to a group of users against what it is worth to all others."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from stages.contracts.rankings import Ranking
from stages.evaluate.protocols.groups import Groups, activity_groups
from stages.evaluate.statistics.places import Place, apart
from stages.evaluate.statistics.resampling import LEVEL, Resampling

HOW = {
    "protocol": "full",
    "mean, others": "mean over the group's users, and over all counted users outside it of whom as much is known",
    "difference": "mean less others",
    "low, high": f"bootstrap percentile interval, {LEVEL:.0%}, group and others resampled apart",
    "activity": "quarters by training ratings, Q1 the fewest; in a family the mean over the splits that count a user",
}


def contrasts(
    places: Sequence[Place], known: Groups, metric: str, resampling: Resampling
) -> dict[str, Any]:
    """Every family, and every split outside one; groups with two users or more on either side."""
    found = {place.name: _place(place, known, metric, resampling) for place in apart(places)}
    return {"how": HOW | {"metric": metric, "resamples": resampling.resamples}, "splits": found}


def _place(place: Place, known: Groups, metric: str, resampling: Resampling) -> dict[str, Any]:
    names = [name for name in place.values[metric] if Ranking(name).real]
    values = np.stack([place.values[metric][name] for name in names], axis=1)
    rows: dict[str, Any] = {name: {} for name in names}
    for group, inside, outside in _sides(
        known | activity_groups(place.trained, place.counted), place.counted
    ):
        cells = _cells(values[inside], values[outside], f"{place.name}/{group}", resampling)
        for name, cell in zip(names, cells, strict=True):
            rows[name][group] = cell
    return rows


def _sides(groups: Groups, counted: np.ndarray) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    for group, mask in groups.items():
        kind = group.partition("=")[0]
        known = np.any(
            [other for name, other in groups.items() if name.partition("=")[0] == kind], axis=0
        )
        inside, outside = mask & counted, known & counted & ~mask
        if min(inside.sum(), outside.sum()) > 1:
            yield group, inside, outside


def _cells(
    inside: np.ndarray, outside: np.ndarray, use: str, resampling: Resampling
) -> Iterator[dict[str, Any]]:
    low, high = resampling.interval(use, inside, outside)
    means, others = inside.mean(axis=0), outside.mean(axis=0)
    sizes = {"users": len(inside), "users_outside": len(outside)}
    columns = zip(
        means.tolist(),
        others.tolist(),
        (means - others).tolist(),
        low.tolist(),
        high.tolist(),
        strict=True,
    )
    for cell in columns:
        yield sizes | dict(zip(("mean", "others", "difference", "low", "high"), cell, strict=True))
