"""What needs times: splits, and the baseline that belongs beside every number of such a split."""

from collections.abc import Iterable

from stages.contracts.splits import split_of
from stages.core.errors import ParamError

BY_TIME = ("temporal", "global", "last")
"""Splits that ask what comes later."""
RECENT = "recent"
"""The model that is the baseline of time."""
NEEDS_TIMES = f"{RECENT} needs times, which this data set lacks; take it out of models"
ORDERED = ("transitions", "sasrec")
"""Models that read the order of each user's ratings, by times or without."""


def needs_order(model: str) -> str:
    """What to say where one of them meets a data set without."""
    return f"{model} needs times or an order of each user's ratings; take it out of models"


def require_order(split: str, timestamps: bool, ordered: bool) -> None:
    """Refuse a split by time of a data set without; where each user's order is known, last works.

    timestamps, ordered: as in Dataset.
    """
    if split not in BY_TIME or timestamps or (ordered and split == "last"):
        return
    cure = "last or fold-1 … 5" if ordered else "fold-1 … 5"
    raise ParamError(
        f"splits in params.yaml names {split!r}, but this data set's times are missing; use {cure}"
    )


def baseline_missing(place: str, rankings: Iterable[str], timestamps: bool) -> str:
    """A sentence where numbers of a split by time stand without the baseline of time, else nothing.

    place: as from `place_of`.
    """
    if not timestamps or split_of(place) not in BY_TIME or RECENT in rankings:
        return ""
    return (
        f"{split_of(place)}: the baseline of time is missing, what was popular in the last days; "
        f"add {RECENT} to models"
    )
