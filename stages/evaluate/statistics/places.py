"""The value of every ranking to every user of a split, or of a family pooled over its splits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stages.evaluate.protocols.groups import complete_families, history_groups

ByRanking = dict[str, np.ndarray]
"""Ranking → (users,), NaN for a user who is not counted."""


@dataclass(frozen=True)
class Place:
    """A split, or a family whose users have the mean over the splits in which they are counted.

    values: metric key → ranking → (users,). trained: (users,) training ratings. splits: a family's.
    """

    name: str
    values: dict[str, ByRanking]
    trained: np.ndarray
    splits: tuple["Place", ...] = ()

    @property
    def counted(self) -> np.ndarray:
        """Who is counted, (users,) bool, the same for every ranking and metric."""
        rankings = next(iter(self.values.values()))
        return ~np.isnan(next(iter(rankings.values())))

    @property
    def rankings(self) -> set[str]:
        """The names of the rankings that are measured here."""
        return {name for rankings in self.values.values() for name in rankings}

    def across(self, metric: str, ranking: str) -> dict[str, float]:
        """Mean and standard deviation of the means of a family's splits; nothing for a split."""
        means = [
            np.nanmean(split.values[metric][ranking])
            for split in self.splits
            if split.counted.any()
        ]
        return (
            {"fold_mean": float(np.mean(means)), "fold_sd": float(np.std(means, ddof=1))}
            if len(means) > 1
            else {}
        )


def splits_and_families(splits: Mapping[str, Place]) -> list[Place]:
    """The splits, and each family whose five splits were all run."""
    families = complete_families(splits).items()
    return [
        *splits.values(),
        *(pooled(family, tuple(splits[name] for name in names)) for family, names in families),
    ]


def apart(places: Sequence[Place]) -> list[Place]:
    """Without the splits of a family, unless a split has rankings that the family lacks."""
    within = {
        split.name for place in places for split in place.splits if split.rankings <= place.rankings
    }
    return [place for place in places if place.name not in within]


def pooled(name: str, splits: tuple[Place, ...]) -> Place:
    """A family of splits, with the rankings that all of them have."""
    values: dict[str, ByRanking] = {}
    for metric, rankings in splits[0].values.items():
        shared = [
            name for name in rankings if all(name in split.values[metric] for split in splits)
        ]
        values[metric] = {
            name: _mean([split.values[metric][name] for split in splits]) for name in shared
        }
    trained = _mean([np.where(split.counted, split.trained, np.nan) for split in splits])
    return Place(name, values, trained, splits)


def by_history(places: Sequence[Place], bounds: Sequence[int]) -> Iterator[Place]:
    """`fold/train<20` and the like: each family, for its users with few training ratings."""
    for family in places:
        masks = [
            history_groups(split.name, split.trained, split.counted, bounds)
            for split in family.splits
        ]
        for group in dict.fromkeys(name for groups in masks for name in groups):
            inside = [groups.get(group, np.zeros_like(family.counted)) for groups in masks]
            splits = tuple(map(_among, family.splits, inside))
            yield pooled(f"{family.name}/{group}", splits)


def _among(place: Place, users: np.ndarray) -> Place:
    """The same with only these users counted, (users,) bool."""
    values = {
        metric: {name: np.where(users, row, np.nan) for name, row in rankings.items()}
        for metric, rankings in place.values.items()
    }
    return replace(place, values=values)


def _mean(rows: Sequence[np.ndarray]) -> np.ndarray:
    counted = np.sum(~np.isnan(rows), axis=0)
    return np.where(counted > 0, np.nansum(rows, axis=0) / np.maximum(counted, 1), np.nan)
