"""Negatives for pairwise training: one item per liked item, drawn anew each time."""

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from stages.contracts.scale import NEGATIVE, POSITIVE
from stages.core.params import Section
from stages.train.fitting.data import TrainingData


class Negatives(Section):
    """What makes negatives robust; by default all but disliked items are drawn evenly."""

    spare_disliked: bool = True
    """Whether items that the user disliked (≤ 2) are left out of the draw. If not, the draw is not
    robust at all: any item that the user did not like may come up."""

    disliked: float = Field(0.0, ge=0, le=1)
    """Share of negatives that are one of the user's disliked items instead, if there are any."""

    popularity: float = Field(0.0, ge=0)
    """An item is drawn in proportion to (training count + 1) to this power; 0 draws evenly."""

    hard: int = Field(1, ge=1)
    """Items drawn per negative: those that score above the liked item are dropped as likely
    positives, and the highest of the others is taken, or the lowest of all if none is left
    (semi-hard, Schroff et al. 2015)."""


EVEN = Negatives()


class NegativeDraw:
    """Draws an item per positive pair that the user neither liked (≥ 4) nor disliked (≤ 2).

    A user with an opinion on every item has no negative and is left out. `negatives` changes what
    is drawn.
    """

    def __init__(
        self, data: TrainingData, draw: np.random.Generator, negatives: Negatives = EVEN
    ) -> None:
        liked, disliked = data.rating >= POSITIVE, data.rating <= NEGATIVE
        self.n_users, self.draw, self.negatives = data.n_users, draw, negatives
        self.device = data.device
        self.taken = np.zeros((data.n_users, data.n_items), dtype=bool)
        opinion = liked | disliked if negatives.spare_disliked else liked
        self.taken[data.user[opinion], data.item[opinion]] = True
        left = self.taken.sum(axis=1) < data.n_items
        drawable = liked & left[data.user]
        self.user, self.item = data.user[drawable], data.item[drawable]
        weight = (np.bincount(data.item, minlength=data.n_items) + 1.0) ** negatives.popularity
        self.chances = np.cumsum(weight / weight.sum())
        by_user = np.argsort(data.user[disliked], kind="stable")
        self.disliked = data.item[disliked][by_user]
        self.n_disliked = np.bincount(data.user[disliked], minlength=data.n_users)

    def triples(self, nodes: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Node rows of users, liked items and negatives, (positives,) each; users come first.

        nodes: current vectors (users + items, channels), which hard negatives are scored by.
        """
        negative = (
            self._untaken()
            if nodes is None or self.negatives.hard == 1
            else self._hard(nodes.detach().cpu().numpy())
        )
        if self.negatives.disliked:
            negative = self._with_disliked(negative)
        rows = (self.user, self.item + self.n_users, negative + self.n_users)
        users, liked, others = (
            torch.as_tensor(row.astype(np.int64), device=self.device) for row in rows
        )
        return users, liked, others

    def _untaken(self) -> np.ndarray:
        """For each positive pair, an item that is allowed, (positives,)."""
        negative = self._items(len(self.user))
        while (again := self.taken[self.user, negative]).any():
            negative[again] = self._items(int(again.sum()))
        return negative

    def _items(self, n: int) -> np.ndarray:
        if not self.negatives.popularity:
            return self.draw.integers(0, self.taken.shape[1], n)
        return np.searchsorted(self.chances[:-1], self.draw.random(n), side="right")

    def _hard(self, nodes: np.ndarray) -> np.ndarray:
        """The semi-hard item among several draws, (positives,)."""
        drawn = np.stack([self._untaken() for _ in range(self.negatives.hard)])  # (hard, positives)
        users, items = nodes[self.user], nodes[self.n_users :]
        scores = np.stack([(users * items[others]).sum(1) for others in drawn])  # (hard, positives)
        likely = scores > (users * items[self.item]).sum(1)
        highest = np.where(likely, -np.inf, scores).argmax(0)
        place = np.where(likely.all(0), scores.argmin(0), highest)
        return np.asarray(np.take_along_axis(drawn, place[None], axis=0)[0])

    def _with_disliked(self, negative: np.ndarray) -> np.ndarray:
        """`negative` (positives,) with a share of disliked items in it."""
        many = self.n_disliked[self.user]
        swapped = (self.draw.random(len(self.user)) < self.negatives.disliked) & (many > 0)
        first = (np.cumsum(self.n_disliked) - self.n_disliked)[self.user[swapped]]
        negative[swapped] = self.disliked[first + self.draw.integers(0, many[swapped])]
        return negative
