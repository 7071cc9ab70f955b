"""Reasons as a judge gave them to rerank, unchecked; explain and evaluate read them."""

from stages.contracts.rows import Row


class RawClaim(Row):
    """An attribute and the evidence cited: ids of items shown, and labels that match none."""

    attribute: str
    cited: tuple[str, ...]
    foreign: tuple[str, ...] = ()


class RawItem(Row):
    """The claims about one recommended item."""

    item_id: str
    claims: tuple[RawClaim, ...]


class RawReasons(Row):
    """One question for reasons: a user's recommended items, best first, and the claims on each."""

    user_id: str
    outcome: str
    model: str
    items: tuple[RawItem, ...]
