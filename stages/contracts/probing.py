"""Row types of the probe: how scores fall when ratings are taken out, for evaluate and report."""

from stages.contracts.rows import Row


class Probed(Row):
    """One explained item: how far its score falls without the ratings that its reason cites.

    Falls are in standard deviations of the user's scores over all items.
    """

    user_id: str
    item_id: str
    removed: int
    """How many ratings the reason cites."""
    evidence: float
    """The fall without them."""
    random: float
    """The mean fall, over draws, without as many of the user's other ratings."""
    liked: float
    """The mean fall, over draws, without as many of the other ratings of items that they liked."""


class Probe(Row):
    """The probed items of one strategy."""

    applies: bool
    """False for a model that does not read the user's ratings when it scores."""
    skipped: int = 0
    """How many items were left out because their user has too few other ratings."""
    items: tuple[Probed, ...] = ()
