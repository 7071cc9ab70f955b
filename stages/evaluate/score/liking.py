"""From which rating on an item counts as liked in a person's files, and on which scale they are."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stages.contracts.scale import POSITIVE
from stages.data.formats.canonical import read_about
from stages.data.read import kind_of, read_dataset
from stages.data.sheets.faults import brief
from stages.data.sheets.scales import Scale
from stages.data.sheets.sheet import Sheet
from stages.data.sheets.values import numbers


@dataclass(frozen=True)
class Liking:
    """The lowest rating that counts as liked, and the scale that every rating must be on.

    dataset: the name of the data set that says so, if any does.
    """

    positive_at: float = POSITIVE
    scale: Scale = (-math.inf, 5.0)
    dataset: str = ""

    def ratings(self, sheet: Sheet) -> np.ndarray:
        """The sheet's ratings; one that is off the scale is an InputError."""
        values, (low, high) = numbers(sheet, "rating"), self.scale
        fault = (
            f"is not on the scale {low:g}-{high:g} of {self.dataset}; correct it, or name the data "
            "set that the ratings are of"
            if self.dataset
            else f"is above {high:g}; give --positive-at, the lowest rating that counts as liked, "
            "or --dataset, the data set that the ratings are of"
        )
        sheet.refuse(
            (values < low) | (values > high),
            lambda row: f"rating {brief(sheet.rows['rating'][row])} {fault}",
            f"ratings are {fault.removeprefix('is ')}",
        )
        return values


def liking_from(positive_at: float) -> Liking:
    """Any scale, with this as the lowest rating that counts as liked."""
    return Liking(positive_at, (-math.inf, math.inf))


def liking_in(folder: Path) -> Liking:
    """That of a data set in data/."""
    about = read_about(folder) if kind_of(folder) == "csv" else read_dataset(folder)
    return Liking(about.positive_at, about.scale, folder.name)
