"""groups.json: what a ranking is worth to a group of users against all others."""

from collections.abc import Iterator, Sequence

import numpy as np

from stages.contracts.metrics.numbers import Contrast, Groups
from stages.contracts.rankings import Ranking
from stages.evaluate.protocols.groups import UserGroups, activity_groups
from stages.evaluate.statistics.places import Place, apart
from stages.evaluate.statistics.resampling import LEVEL, Resampling

_HOW = {
    "protocol": "full",
    "mean, others": "mean over the group's users, "
    "and over all counted users outside it of whom as much is known",
    "difference": "mean less others",
    "low, high": f"bootstrap percentile interval, {LEVEL:.0%}, group and others resampled apart",
    "activity": "quarters by training ratings, Q1 the fewest; "
    "in a family the mean over the splits that count a user",
}


def contrasts(
    dataset: str, places: Sequence[Place], known: UserGroups, metric: str, resampling: Resampling
) -> Groups:
    """Every family, and every split outside one; groups with at least two users on either side.

    known: the groups whose users are the same in every split.
    """
    return Groups(
        dataset=dataset,
        how=_HOW | {"metric": metric, "resamples": resampling.resamples},
        splits={place.name: _by_group(place, known, metric, resampling) for place in apart(places)},
    )


def _by_group(
    place: Place, known: UserGroups, metric: str, resampling: Resampling
) -> dict[str, dict[str, Contrast]]:
    """Ranking → group → its contrast."""
    names = [name for name in place.values[metric] if Ranking(name).real]
    values = np.stack([place.values[metric][name] for name in names], axis=1)  # (users, rankings)
    groups = known | activity_groups(place.trained, place.counted)
    rows: dict[str, dict[str, Contrast]] = {name: {} for name in names}
    for group, inside, outside in _sides(groups, place.counted):
        cells = _contrasts(values[inside], values[outside], f"{place.name}/{group}", resampling)
        for name, cell in zip(names, cells, strict=True):
            rows[name][group] = cell
    return rows


def _sides(groups: UserGroups, counted: np.ndarray) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Each group with its users, and the others about whom as much is known, (users,) bool each."""
    for group, mask in groups.items():
        kind = group.partition("=")[0]
        known = np.any(
            [other for name, other in groups.items() if name.partition("=")[0] == kind], axis=0
        )
        inside, outside = mask & counted, known & counted & ~mask
        if min(inside.sum(), outside.sum()) > 1:
            yield group, inside, outside


def _contrasts(
    inside: np.ndarray, outside: np.ndarray, use: str, resampling: Resampling
) -> Iterator[Contrast]:
    """One for each ranking; inside, outside: (users, rankings)."""
    low, high = resampling.interval(use, inside, outside)
    means, others = inside.mean(axis=0), outside.mean(axis=0)
    columns = {
        "mean": means,
        "others": others,
        "difference": means - others,
        "low": low,
        "high": high,
    }
    for cell in zip(*(column.tolist() for column in columns.values()), strict=True):
        values = dict(zip(columns, cell, strict=True))
        yield Contrast(**values, users=len(inside), users_outside=len(outside))
