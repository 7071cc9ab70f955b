"""LightGCN (He et al., SIGIR 2020): plain degree-weighted messages, layer outputs averaged, BPR; PyG's module."""

import torch
from torch import Tensor
from torch_geometric.nn import LightGCN

from stages.train.fitting.data import TrainingData
from stages.train.graph.propagation import Propagate, liked_graph
from stages.train.models.pairwise.training import PairwiseConfig, PairwiseModel, PairwiseNetwork


class Config(PairwiseConfig):
    """Defaults are the source's; params.yaml has what the search chose."""


class Symmetric(LightGCN):  # type: ignore[misc]
    """PyG's module on a graph that carries its weights, told that it is symmetric: its own gradient transposes it anew."""

    def get_embedding(self, edge_index: Tensor, edge_weight: Tensor | None = None) -> Tensor:
        """(users + items, channels), for the sparse graph `edge_index`."""
        x = self.embedding.weight
        total = x * self.alpha[0]
        for share in self.alpha[1:]:
            x = Propagate.apply(x, edge_index)
            total = total + x * share
        return total


class Network(PairwiseNetwork):
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
        users, liked, others = triples
        pairs = torch.stack([users.repeat(2), torch.cat([liked, others])])
        ranks = self.gcn(self.graph, pairs).chunk(2)
        return self.gcn.recommendation_loss(*ranks, node_id=triples.flatten(), lambda_reg=self.l2)


class Lightgcn(PairwiseModel[Config]):
    """PyG's LightGCN."""

    name = "lightgcn"

    def network(self, data: TrainingData) -> Network:
        return Network(self.config, data)


MODEL = Lightgcn
