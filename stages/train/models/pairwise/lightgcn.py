"""LightGCN (He et al., SIGIR 2020) by PyG: degree-weighted messages, mean over layers, BPR."""

import torch
from pydantic import Field
from torch import Tensor
from torch_geometric.nn import LightGCN

from stages.train.fitting.data import TrainingData
from stages.train.graph.propagation import Propagate
from stages.train.models.pairwise.training import (
    PairwiseConfig,
    PairwiseModel,
    PairwiseNetwork,
    liked_graph,
)


class Config(PairwiseConfig):
    """Defaults are the source's; params.yaml has what the search chose."""

    layers: int = Field(3, ge=1)
    """Rounds of messages."""


class Symmetric(LightGCN):  # type: ignore[misc]
    """PyG's module on a symmetric graph, as PyG's own gradient would transpose it each time."""

    def get_embedding(self, edge_index: Tensor, _edge_weight: Tensor | None = None) -> Tensor:
        """(users + items, channels), for Â as the sparse graph `edge_index`, weights included."""
        x = self.embedding.weight  # E⁰
        total = x * self.alpha[0]
        for share in self.alpha[1:]:
            x = Propagate.apply(x, edge_index)  # E^{l+1} = Â E^l
            total = total + x * share
        return total


class LightgcnNetwork(PairwiseNetwork):
    """The module, its graph, and its loss."""

    def __init__(self, config: Config, data: TrainingData) -> None:
        super().__init__()
        self.l2, self.graph = config.l2, liked_graph(data)
        self.gcn = Symmetric(data.n_users + data.n_items, config.channels, config.layers)

    def vectors(self) -> Tensor:
        """(users + items, channels)."""
        return self.gcn.get_embedding(self.graph)

    def loss(self, triples: Tensor) -> Tensor:
        """PyG's BPR."""
        users, liked, others = triples  # (batch,) each
        pairs = torch.stack([users.repeat(2), torch.cat([liked, others])])  # (2, 2 · batch)
        ranks = self.gcn(self.graph, pairs).chunk(2)
        return self.gcn.recommendation_loss(*ranks, node_id=triples.flatten(), lambda_reg=self.l2)


class Lightgcn(PairwiseModel[Config]):
    """PyG's LightGCN."""

    name = "lightgcn"

    def network(self, data: TrainingData) -> LightgcnNetwork:
        return LightgcnNetwork(self.config, data)


MODEL = Lightgcn
