"""Models of node vectors trained on pairs: a liked item against one without an opinion.

The base owns mini-batches, validation and bookkeeping; a model provides a network.
Scores are the dot products of user and item vectors.
"""

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

import numpy as np
import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import logsigmoid

from stages.contracts.scale import POSITIVE
from stages.core.log import progress
from stages.core.params import Section
from stages.core.seeds import derived_seed, generator
from stages.train.fitting.adam import AdamW
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Watch
from stages.train.fitting.negatives import NegativeDraw
from stages.train.fitting.vectors import NodeVectors
from stages.train.graph.propagation import normalised_graph


class PairwiseConfig(Section):
    """What every model trained on pairs sets."""

    channels: int = Field(64, ge=1)
    """Width of a node's vector."""

    l2: float = Field(1e-4, ge=0)
    """Weight of the squared length of a batch's own vectors, per triple."""

    learning_rate: float = Field(1e-3, gt=0)
    """Of AdamW."""

    batch: int = Field(2048, ge=1)
    """Liked ratings per step."""

    epochs: int = Field(200, ge=1)
    """Passes over the liked ratings at most; the refit takes as many as were best on validation."""

    every: int = Field(5, ge=1)
    """Epochs between validations."""

    patience: int = Field(50, ge=1)
    """Epochs without a better validation NDCG after which training stops."""


class PairwiseNetwork(nn.Module, ABC):
    """A network over users and items as nodes, users first."""

    @abstractmethod
    def vectors(self) -> Tensor:
        """Node vectors that are scored, (users + items, channels)."""

    @abstractmethod
    def loss(self, triples: Tensor) -> Tensor:
        """The loss of node rows (3, batch): users, items they like, others without opinion."""


C = TypeVar("C", bound=PairwiseConfig)


class PairwiseModel(NodeVectors, ABC, Generic[C]):
    """AdamW over shuffled batches, with a new negative per liked rating and epoch."""

    name: ClassVar[str]
    form = None

    def __init__(self, config: C, seed: int) -> None:
        self.config, self.seed = config, seed

    @abstractmethod
    def network(self, data: TrainingData) -> PairwiseNetwork:
        """The network for these ratings."""

    def fit(self, data: TrainingData, watch: Watch) -> None:
        torch.manual_seed(derived_seed(self.seed, self.name))
        watch.patience = self.config.patience
        network = self.network(data).to(data.device)
        optimizer = AdamW(network.parameters(), self.config.learning_rate)
        draw = NegativeDraw(data, generator(self.seed, self.name, "negatives"))
        last = watch.last_epoch or self.config.epochs
        for epoch in progress(range(1, last + 1), f"{self.name}: epochs"):
            loss = self._epoch(network, optimizer, torch.stack(draw.triples()))
            if epoch % self.config.every and epoch != last:
                continue
            network.eval()
            with torch.no_grad():
                self.keep(network.vectors(), data.n_users)
            if not watch.should_continue(epoch, loss, self):
                return

    def _epoch(self, network: PairwiseNetwork, optimizer: AdamW, triples: Tensor) -> float:
        network.train()
        losses = []
        order = torch.randperm(triples.shape[1], device=triples.device)
        for batch in triples[:, order].split(self.config.batch, dim=1):
            loss = network.loss(batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return float(np.mean(losses))


def liked_graph(data: TrainingData) -> Tensor:
    """Â over users and items, users first, with an edge per rating ≥ 4.

    He et al., SIGIR 2020, eq. 8. A sparse CSR tensor (users + items, users + items).
    """
    likes = data.matrix((data.rating >= POSITIVE).astype(np.float32))
    likes.eliminate_zeros()
    return normalised_graph(likes, data.device)


def ranking_loss(vectors: Tensor, start: Tensor, triples: Tensor, l2: float) -> Tensor:
    """BPR of a batch, −log σ(liked score − other score), with `l2` on what is learned.

    Equal to torch_geometric's BPRLoss, which loads much that training does not need.

    vectors: what is scored, start: what is learned, both (nodes, channels); triples: (3, batch).
    """
    users, liked, others = (vectors[rows] for rows in triples)  # (batch, channels) each
    ahead = (users * liked).sum(1) - (users * others).sum(1)  # (batch,)
    learned = l2 * start[triples.flatten()].norm().pow(2) / len(ahead)
    return -logsigmoid(ahead).mean() + learned
