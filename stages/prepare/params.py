"""The section `prepare:` of params.yaml."""

from pydantic import Field

from stages.core.params import Section


class PrepareParams(Section):
    """How splits are cut."""

    valid_share: float = Field(0.1, gt=0, lt=0.5)
    """Share of positives (fold, given), of remaining users or items (cold, new-users), of each
    user's rows (temporal, next), of the ratings before the moment (global)."""

    test_share: float = Field(0.2, gt=0, lt=0.9)
    """Share of each user's ratings that is test, the latest ones (temporal) or drawn (new-users);
    share of all ratings that come after the moment (global)."""

    kept: tuple[int, ...] = (0, 1, 3, 5, 10)
    """How many of their earliest ratings the users of a cold-users split keep, assigned in turn."""
