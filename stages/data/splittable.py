"""Which splits and models a data set's times, order and parts allow."""

from collections.abc import Iterable
from pathlib import Path

from stages.contracts.times import BY_TIME, NEEDS_TIMES, ORDERED, RECENT, needs_order, require_order
from stages.core.errors import ParamError
from stages.data.dataset import Dataset
from stages.data.formats.canonical import read_about
from stages.data.read import published

_TIMELESS = (
    "too many ratings have no time for the splits `temporal` and `global`, and for `last` unless "
    "each user's order is known; the other splits work"
)
_ORDERED = (
    "no time is known, but the order of each user's ratings: the split `last` works, `temporal` "
    "and `global` do not"
)
_PARTS = "the set comes with its own parts: the split `given` tests on them"


def notes_on_splits(data: Dataset) -> tuple[str, ...]:
    """What to say of a set for which not every split works, or which has a split of its own."""
    timeless = () if data.timestamps else (_ORDERED if data.ordered else _TIMELESS,)
    return (*timeless, *((_PARTS,) if "part" in data.ratings else ()))


def require_times(folder: Path, splits: Iterable[str], models: Iterable[str]) -> None:
    """Refuse what needs times of a data set that says it has none; its ratings are not read."""
    by_time, named = set(BY_TIME).intersection(splits), set(models)
    in_order = [model for model in ORDERED if model in named]
    if not by_time and not in_order and RECENT not in named:
        return
    timestamps, ordered = _said(folder)
    for split in sorted(by_time):
        require_order(split, timestamps, ordered)
    if RECENT in named and not timestamps:
        raise ParamError(NEEDS_TIMES)
    if in_order and not timestamps and not ordered:
        raise ParamError(needs_order(in_order[0]))


def _said(folder: Path) -> tuple[bool, bool]:
    """Whether times are known, and whether each user's order is without them."""
    entry = published(folder)
    if entry is None:
        about = read_about(folder)
        return about.timestamps, about.ordered
    return entry.kind != "arena", entry.kind == "arena" and entry.form == "sequence"
