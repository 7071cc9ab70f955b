"""Whether each split has what settings are chosen on: validation ratings that count as liked."""

from stages.contracts.scale import POSITIVE
from stages.contracts.splits import NEXT
from stages.core.errors import InputError
from stages.data.dataset import Dataset
from stages.prepare.rows import Tables
from stages.prepare.splits.parts import VALID, Cut


def require_choosable(data: Dataset, tables: Tables, cuts: dict[str, Cut]) -> None:
    """Refuse a split without a liked validation rating: no model can be fitted on it."""
    liked = tables.ratings["rating"].to_numpy() >= POSITIVE
    for name, parts in cuts.items():
        if (liked & (parts == VALID)).any():
            continue
        instead = "leave it out with shown.splits=[]" if name == NEXT else "take another split"
        cure = f"so nothing can be chosen on them; {instead} or more data"
        if data.implicit:
            raise InputError(f"{name} of {data.name} has no validation row, {cure}")
        again = ", or import the data set again with another --positive-at"
        raise InputError(
            f"no validation rating of {name} is {data.positive_at:g} or more, from where one of "
            f"{data.name} counts as liked, {cure}{again if data.kind == 'csv' else ''}"
        )
