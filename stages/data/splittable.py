"""Which splits a data set's times, order and parts allow."""

from stages.data.dataset import Dataset

_TIMELESS = "too many ratings have no time for the split `temporal`; the other splits work"
_ORDERED = (
    "no time is known, but the order of each user's ratings: the split `last` works, `temporal` "
    "and `global` do not"
)
_PARTS = "the set comes with its own parts: the split `given` tests on them"


def notes_on_splits(data: Dataset) -> tuple[str, ...]:
    """What to say of a set for which not every split works, or which has a split of its own."""
    timeless = () if data.timestamps else (_ORDERED if data.ordered else _TIMELESS,)
    return (*timeless, *((_PARTS,) if "part" in data.ratings else ()))
