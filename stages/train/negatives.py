"""Negatives of pairwise training: one item for each liked one, drawn again every time."""

import numpy as np
import torch
from torch import Tensor

from stages.core.schema import NEGATIVE, POSITIVE
from stages.train.data import TrainingData


class NegativeDraw:
    """Draws one item for each positive pair, of those that the user neither liked (≥ 4) nor disliked (≤ 2).

    A user with an opinion on every item has none, and takes no part.
    """

    def __init__(self, data: TrainingData, draw: np.random.Generator) -> None:
        liked = data.rating >= POSITIVE
        self.n_users, self.draw = data.n_users, draw
        self.taken = np.zeros((data.n_users, data.n_items), dtype=bool)
        opinion = liked | (data.rating <= NEGATIVE)
        self.taken[data.user[opinion], data.item[opinion]] = True
        left = self.taken.sum(axis=1) < data.n_items
        drawable = liked & left[data.user]
        self.user, self.item = data.user[drawable], data.item[drawable]

    def triples(self) -> tuple[Tensor, Tensor, Tensor]:
        """Node rows of users, liked items and negatives, each (positives,); items come after the users."""
        negative = self.draw.integers(0, self.taken.shape[1], len(self.user))
        while (again := self.taken[self.user, negative]).any():
            negative[again] = self.draw.integers(0, self.taken.shape[1], int(again.sum()))
        rows = (self.user, self.item + self.n_users, negative + self.n_users)
        users, liked, others = (torch.from_numpy(row.astype(np.int64)) for row in rows)
        return users, liked, others
