"""Groups of users that are measured separately."""

import math
from collections.abc import Collection, Sequence

import numpy as np

from stages.contracts.splits import FAMILIES, FIFTHS, family_of, place_of, split_of
from stages.evaluate.artifacts import People
from stages.evaluate.protocols.truth import Truth
from stages.metrics.gap import gap

UserGroups = dict[str, np.ndarray]
"""Name → mask (users,)."""

_TRAITS = ("activity=", "gender=", "age=")

_AGES = {"<25": (0, 25), "25-34": (25, 35), "35-44": (35, 45), "45+": (45, 999)}
"""Lower and upper bounds; MovieLens 1M gives the first year of a band, inside one of these."""


def is_trait(group: str) -> bool:
    """Whether users are grouped by what they are, not by how few of their ratings are known."""
    return group.startswith(_TRAITS)


def trait_gaps(values: np.ndarray, groups: UserGroups) -> dict[str, float]:
    """`gender-gap`, `age-gap`, `activity-gap` → the gap between the groups of that trait, if any.

    values: (users,), NaN for a user who is not counted.
    """
    kinds = {
        trait: [mask for name, mask in groups.items() if name.startswith(trait)]
        for trait in _TRAITS
    }
    gaps = {f"{trait.rstrip('=')}-gap": gap(values, masks) for trait, masks in kinds.items()}
    return {name: value for name, value in gaps.items() if not math.isnan(value)}


def complete_families(splits: Collection[str]) -> dict[str, list[str]]:
    """Each family whose five splits are all there, refitted or not, and their names."""
    fives = {
        place_of(family, refit): [place_of(f"{family}-{number}", refit) for number in FIFTHS]
        for refit in (True, False)
        for family in FAMILIES
    }
    return {
        family: names for family, names in fives.items() if all(name in splits for name in names)
    }


def user_groups(split: str, truth: Truth, people: People, bounds: Sequence[int]) -> UserGroups:
    """Everybody as '', then `train<10`, `activity=Q1`, `gender=F`, `age=25-34`.

    In cold-users splits `n=3` replaces the first two, and in global `n=0` joins them.
    """
    counted = truth.relevant > 0
    groups = {"": np.ones(len(counted), dtype=bool)} | history_groups(
        split, truth.trained, counted, bounds
    )
    if _kind(split) != "cold-users":
        groups |= activity_groups(truth.trained, counted)
    return groups | known_groups(people)


def history_groups(
    split: str, trained: np.ndarray, counted: np.ndarray, bounds: Sequence[int]
) -> UserGroups:
    """Users with fewer training ratings than each of `bounds`.

    In cold-users splits `n=3` and so on for each number of ratings kept; all counted users are
    cold there. In global `n=0` are the users whom only the test knows, if there are any.
    """
    if _kind(split) == "cold-users":
        return {f"n={n:.0f}": trained == n for n in np.unique(trained[counted])}
    groups = {f"train<{bound}": trained < bound for bound in bounds}
    new = trained == 0
    return {"n=0": new} | groups if _kind(split) == "global" and new[counted].any() else groups


def _kind(place: str) -> str:
    return split_of(family_of(place))


def known_groups(people: People) -> UserGroups:
    """By gender and by age band, if these are known."""
    genders = sorted({gender for gender in people.genders if gender})
    groups = {
        f"gender={gender}": np.array([g == gender for g in people.genders]) for gender in genders
    }
    ages = np.array([-1 if age is None else age for age in people.ages])
    bands = {f"age={band}": (ages >= start) & (ages < end) for band, (start, end) in _AGES.items()}
    return groups | {band: mask for band, mask in bands.items() if mask.any()}


def activity_groups(trained: np.ndarray, counted: np.ndarray) -> UserGroups:
    """Quarters of the counted users by training ratings, Q1 the fewest; an edge counts as below.

    trained: (users,) numbers. counted: (users,) bool. Equal numbers stay together, so quarters may
    differ in size.
    """
    edges = np.quantile(trained[counted], (0.25, 0.5, 0.75)) if counted.any() else np.zeros(3)
    quarter = np.searchsorted(edges, trained)
    return {
        f"activity=Q{number + 1}": quarter == number
        for number in range(4)
        if (quarter[counted] == number).any()
    }
