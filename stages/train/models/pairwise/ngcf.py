"""NGCF (Wang et al., SIGIR 2019): transformed messages, also of products of two nodes, and BPR.

    E' = LeakyReLU((Â + I) E W₁ + (Â E ⊙ E) W₂)        eq. 7, then dropout

A node's vector is E and the unit-length outputs of all layers side by side (eq. 9).
"""

import torch
from pydantic import Field
from torch import Tensor, nn

from stages.train.fitting.data import TrainingData
from stages.train.graph.propagation import Propagate
from stages.train.models.pairwise.training import (
    PairwiseConfig,
    PairwiseModel,
    PairwiseNetwork,
    liked_graph,
    ranking_loss,
)


class Config(PairwiseConfig):
    """Defaults are the source's; params.yaml has what the search chose."""

    layers: int = Field(3, ge=1)
    """Rounds of messages."""

    dropout: float = Field(0.1, ge=0, lt=1)
    """Share of each layer's outputs that is dropped."""


class NgcfNetwork(PairwiseNetwork):
    """Free node vectors and two transforms per layer."""

    def __init__(self, config: Config, data: TrainingData) -> None:
        super().__init__()
        self.config, self.graph = config, liked_graph(data)
        self.start = nn.Parameter(torch.empty(data.n_users + data.n_items, config.channels))
        nn.init.xavier_uniform_(self.start)
        self.alone, self.joint = (
            nn.ModuleList(nn.Linear(config.channels, config.channels) for _ in range(config.layers))
            for _ in range(2)
        )

    def vectors(self) -> Tensor:
        """(users + items, channels · (layers + 1))."""
        x: Tensor = self.start
        outputs = [x]
        for alone, joint in zip(self.alone, self.joint, strict=True):
            messages = Propagate.apply(x, self.graph)  # Â E
            x = nn.functional.leaky_relu(alone(messages + x) + joint(messages * x), 0.2)
            x = nn.functional.dropout(x, self.config.dropout, self.training)
            outputs.append(nn.functional.normalize(x, dim=1))
        return torch.cat(outputs, dim=1)

    def loss(self, triples: Tensor) -> Tensor:
        """BPR."""
        return ranking_loss(self.vectors(), self.start, triples, self.config.l2)


class Ngcf(PairwiseModel[Config]):
    """Transformed messages."""

    name = "ngcf"

    def network(self, data: TrainingData) -> NgcfNetwork:
        return NgcfNetwork(self.config, data)


MODEL = Ngcf
