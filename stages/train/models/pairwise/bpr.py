"""BPR (Rendle et al., UAI 2009): matrix factorisation trained on pairs, with a bias per item.

A score is p_u · q_i + b_i.
"""

import numpy as np
import torch
from torch import Tensor, nn

from stages.contracts.scale import POSITIVE
from stages.train.fitting.data import TrainingData
from stages.train.fitting.rescoring import Copies
from stages.train.models.pairwise.training import (
    PairwiseConfig,
    PairwiseModel,
    PairwiseNetwork,
    ranking_loss,
)


class Config(PairwiseConfig):
    """Width, regularisation and rate of learning."""


class BprNetwork(PairwiseNetwork):
    """A free vector per user and item, and a bias per item."""

    def __init__(self, config: Config, data: TrainingData) -> None:
        super().__init__()
        self.l2, self.n_users = config.l2, data.n_users
        self.start = nn.Parameter(torch.empty(data.n_users + data.n_items, config.channels))
        nn.init.normal_(self.start, std=0.1)
        self.bias = nn.Parameter(torch.zeros(data.n_items, 1))

    def vectors(self) -> Tensor:
        """(users + items, channels + 1): the last is 1 for a user and the bias for an item."""
        last = torch.cat([self.start.new_ones(self.n_users, 1), self.bias])
        return torch.cat([self.start, last], dim=1)

    def loss(self, triples: Tensor) -> Tensor:
        """BPR; a bias is as regularised as a vector."""
        vectors = self.vectors()
        return ranking_loss(vectors, vectors, triples, self.l2)


class Bpr(PairwiseModel[Config]):
    """Two tables of vectors."""

    name = "bpr"

    def network(self, data: TrainingData) -> BprNetwork:
        return BprNetwork(self.config, data)

    def place_users(self, copies: Copies) -> np.ndarray:
        """As if p_u were c times the mean of the vectors of the items that the user likes.

        c makes this as near as can be to the vectors of the users whom the model was fitted on.
        """
        vectors, bias = np.hsplit(self.items.numpy(), [-1])
        fitted, means = self.users.numpy()[:, :-1], _means(copies.whole, vectors)
        times = (fitted * means).sum() / max((means**2).sum(), 1e-12)
        return np.asarray(times * _means(copies.own, vectors) @ vectors.T + bias.T)


def _means(data: TrainingData, vectors: np.ndarray) -> np.ndarray:
    """The mean vector of the items that each user likes, (users, channels), 0 without any."""
    likes = data.matrix((data.rating >= POSITIVE).astype(np.float32))
    return np.asarray(likes @ vectors / np.maximum(likes.sum(axis=1), 1).reshape(-1, 1))


MODEL = Bpr
