"""Row types of reasons before anything in them is checked: what rerank was answered, for explain and evaluate."""

from stages.contracts.rows import Row


class RawClaim(Row):
    """An attribute and the evidence cited for it: item ids of films shown, and labels that stand for none."""

    attribute: str
    cited: tuple[str, ...]
    foreign: tuple[str, ...] = ()


class RawFilm(Row):
    """The claims about one recommended film."""

    item_id: str
    claims: tuple[RawClaim, ...]


class RawReasons(Row):
    """One question for reasons: the recommended films of a user, best first, and what was claimed of each."""

    user_id: str
    outcome: str
    model: str
    items: tuple[RawFilm, ...]
