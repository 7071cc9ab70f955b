"""What a split knows about its users, and a ranking compared with it."""

from dataclasses import dataclass

import numpy as np

from stages.contracts.scale import POSITIVE
from stages.evaluate.rankings.pairs import Pairs
from stages.evaluate.rankings.ranking import first, keep
from stages.metrics.catalogue import EMPTY

CELLS = 1 << 22
"""Places of rankings (users × depth) that are compared with the truth at a time; each takes about
60 bytes meanwhile."""


@dataclass(frozen=True)
class Rows:
    """Ratings as three arrays of one length."""

    users: np.ndarray
    items: np.ndarray
    ratings: np.ndarray

    def __add__(self, other: "Rows") -> "Rows":
        """Both, one after the other."""
        both = ((self.users, other.users), (self.items, other.items), (self.ratings, other.ratings))
        return Rows(*(np.concatenate(pair) for pair in both))


@dataclass(frozen=True)
class Truth:
    """Pairs seen in training, rated in test and liked in test, and counts of them.

    relevant, trained: (users,) int, liked test items and training ratings. counts: (items,) int,
    training ratings. held_out: (items,) bool, the only items that are ranked, or None for all.
    """

    seen: Pairs
    rated: Pairs
    liked: Pairs
    relevant: np.ndarray
    trained: np.ndarray
    counts: np.ndarray
    held_out: np.ndarray | None = None

    @property
    def tastes(self) -> np.ndarray:
        """Mean training count of each user's own training items, (users,), NaN without one."""
        users, items = np.divmod(self.seen.keys, self.seen.n_items)
        sums = np.bincount(users, self.counts[items], minlength=len(self.trained))
        return np.where(self.trained > 0, sums / np.maximum(self.trained, 1), np.nan)


def truth_of(
    train: Rows,
    test: Rows,
    n_users: int,
    n_items: int,
    only_held_out: bool = False,
    positive_at: float = POSITIVE,
) -> Truth:
    """The truth of two sets of rows.

    train: all that is masked, train and valid. only_held_out: rank only test items that it lacks.
    positive_at: the lowest rating that counts as liked.
    """
    likes = test.ratings >= positive_at
    counts = np.bincount(train.items, minlength=n_items)
    tested = np.bincount(test.items, minlength=n_items) > 0
    return Truth(
        seen=Pairs.of(train.users, train.items, n_items),
        rated=Pairs.of(test.users, test.items, n_items),
        liked=Pairs.of(test.users[likes], test.items[likes], n_items),
        relevant=np.bincount(test.users[likes], minlength=n_users),
        trained=np.bincount(train.users, minlength=n_users),
        counts=counts,
        held_out=tested & (counts == 0) if only_held_out else None,
    )


@dataclass(frozen=True)
class Marked:
    """A ranking without training items, cut at a depth, and what is rated and liked in test.

    items: (users, depth) item rows. rated, liked: (users, depth) bool. relevant: (users,) int.
    """

    items: np.ndarray
    rated: np.ndarray
    liked: np.ndarray
    relevant: np.ndarray


def mark(ranking: np.ndarray, truth: Truth, depth: int) -> Marked:
    """Drop what may not be ranked, then cut at `depth`: a list gives k unseen items if it can."""
    size = max(CELLS // max(ranking.shape[1], depth, 1), 1)
    starts = range(0, max(len(ranking), 1), size)
    blocks = [_block(ranking[at : at + size], at, truth, depth) for at in starts]
    items, rated, liked = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    return Marked(items, rated, liked, truth.relevant)


def _block(
    ranking: np.ndarray, start: int, truth: Truth, depth: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Items, rated and liked of the users from row `start` on."""
    allowed = (ranking != EMPTY) & ~truth.seen.in_lists(ranking, start)
    if truth.held_out is not None:
        allowed &= truth.held_out[ranking]
    items = first(keep(ranking, allowed), depth)
    return items, truth.rated.in_lists(items, start), truth.liked.in_lists(items, start)
