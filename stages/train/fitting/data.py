"""What a model is fitted on: ratings as parallel arrays, profile embeddings, facts and traits."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from stages.core.errors import MissingError
from stages.core.groups import place_in_group
from stages.train.fitting.facts import Facts


@dataclass(frozen=True)
class TrainingData:
    """Ratings (arrays of equal length) and, if available, the rest.

    user_text, item_text: unit vectors (users, 384) and (items, 384). facts: those of the items.
    traits: (users, traits), see stages/train/fitting/traits.py. timestamp: seconds, 0 where
    unknown. order: a number per rating that grows with time within each user's; it also says which
    of two at the same time came first. device: where a model of torch puts what it makes of them.
    """

    user: np.ndarray
    item: np.ndarray
    rating: np.ndarray
    n_users: int
    n_items: int
    user_text: np.ndarray | None = None
    item_text: np.ndarray | None = None
    facts: Facts | None = None
    traits: np.ndarray | None = None
    timestamp: np.ndarray | None = None
    order: np.ndarray | None = None
    device: str = "cpu"

    @cached_property
    def nth(self) -> np.ndarray | None:
        """Each rating's place among its user's by time, from 0; None if no order is known."""
        if self.order is not None:
            return place_in_group(self.user, self.order)
        if self.timestamp is not None:
            return in_order_of_time(self.user, self.item, self.timestamp)
        return None

    @cached_property
    def later(self) -> np.ndarray:
        """How many ratings the user made after each of theirs, (ratings,); needs an order."""
        assert self.nth is not None
        return np.asarray(np.bincount(self.user, minlength=self.n_users)[self.user] - 1 - self.nth)

    def matrix(self, values: np.ndarray | None = None) -> sp.csr_matrix:
        """Ratings, or other values for them, as a sparse matrix (users, items)."""
        data = self.rating if values is None else values
        return sp.csr_matrix((data, (self.user, self.item)), shape=(self.n_users, self.n_items))

    def of_users(self, users: np.ndarray) -> "TrainingData":
        """The data of these user rows alone, in their order; a row may be repeated."""
        order, starts = self._by_user
        lengths = np.diff(starts)[users]
        within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        rows = np.repeat(starts[:-1][users], lengths) + within
        rows = rows if order is None else order[rows]
        text, traits = _taken(self.user_text, users), _taken(self.traits, users)
        own = replace(self.of_ratings(rows), n_users=len(users), user_text=text, traits=traits)
        return replace(own, user=np.repeat(np.arange(len(users)), lengths))

    @cached_property
    def _by_user(self) -> tuple[np.ndarray | None, np.ndarray]:
        """The order of the ratings by user (ratings,), and where each user's begin (users + 1,).

        The order is None if they lie in it.
        """
        begin = np.zeros(self.n_users + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.user, minlength=self.n_users), out=begin[1:])
        lie = bool((self.user[1:] >= self.user[:-1]).all())
        return None if lie else np.argsort(self.user, kind="stable"), begin

    def of_ratings(self, rows: np.ndarray) -> "TrainingData":
        """The data with these ratings alone, by their places or as (ratings,) bool."""
        user, item, rating = self.user[rows], self.item[rows], self.rating[rows]
        timestamp, order = _taken(self.timestamp, rows), _taken(self.order, rows)
        return replace(self, user=user, item=item, rating=rating, timestamp=timestamp, order=order)


def _taken(values: np.ndarray | None, rows: np.ndarray) -> np.ndarray | None:
    return None if values is None else values[rows]


def in_order_of_time(user: np.ndarray, item: np.ndarray, timestamp: np.ndarray) -> np.ndarray:
    """Each rating's place among its user's by time, 0 the earliest, (ratings,).

    Unknown times (0) come last. Ratings of a user at the same time are in an order that is drawn
    from item and time, so that it stays when other ratings or users are left out.
    """
    drawn = (item.astype(np.uint64) << np.uint64(32)) ^ timestamp.astype(np.uint64)
    for _ in range(2):  # Two rounds of Marsaglia's xorshift and a multiplication mix all bits.
        drawn ^= drawn >> np.uint64(29)
        drawn *= np.uint64(0xBF58476D1CE4E5B9)
    drawn ^= drawn >> np.uint64(32)
    known = np.where(timestamp > 0, timestamp, np.iinfo(np.int64).max)
    return place_in_group(user, known, drawn)


def grade(rating: np.ndarray, grades: dict[int, float]) -> np.ndarray:
    """What each rating counts, in float32: linear between the grades given for whole ratings."""
    points = sorted(grades)
    return np.interp(rating, points, [grades[point] for point in points]).astype(np.float32)


def required(vectors: np.ndarray | None, model: str, form: str) -> np.ndarray:
    """Return `vectors`, or raise a MissingError that says which form of text `model` needs."""
    if vectors is None:
        raise MissingError(
            f"{model} needs profile embeddings; run `e2ep embed` with {form} in embed.forms"
        )
    return vectors
