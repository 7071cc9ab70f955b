"""Groups of users whose numbers stand apart."""

from collections.abc import Sequence

import numpy as np

from stages.evaluate.truth import Truth


def family_of(split: str) -> str:
    """`fold` of `fold-3`; a split without a number is a family of its own."""
    name, _, number = split.rpartition("-")
    return name if name and number.isdigit() else split


def user_groups(
    split: str, truth: Truth, genders: Sequence[str | None], bounds: Sequence[int]
) -> dict[str, np.ndarray]:
    """Masks (users,) by name: '' for all, `train<10`, `gender=F`; in cold-users splits `n=3` for the ratings kept.

    Only users with a relevant test item are ever counted, so in a cold-users split all of them are cold.
    """
    groups = {"": np.ones(len(truth.trained), dtype=bool)}
    if family_of(split) == "cold-users":
        kept = np.unique(truth.trained[truth.relevant > 0])
        groups |= {f"n={n}": truth.trained == n for n in kept}
    else:
        groups |= {f"train<{bound}": truth.trained < bound for bound in bounds}
    known = sorted({gender for gender in genders if gender})
    return groups | {f"gender={gender}": np.array([g == gender for g in genders]) for gender in known}
