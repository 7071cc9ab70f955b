"""Row types of the probe: how scores fall when ratings are taken out, for evaluate and report."""

from stages.contracts.rows import Row


class Probed(Row):
    """One explained film: how many ratings its reason cites, and how far the score falls without them.

    The falls are in standard deviations of the user's scores over all films: without the cited ratings, without as
    many others of the user's, and without as many of his other liked ones, the latter two as means over the draws.
    """

    user_id: str
    item_id: str
    removed: int
    evidence: float
    random: float
    liked: float


class Probe(Row):
    """The probed films of one strategy, and how many had too few other ratings; `applies` is False for a model that
    does not read the user's ratings when it scores."""

    applies: bool
    skipped: int = 0
    items: tuple[Probed, ...] = ()
