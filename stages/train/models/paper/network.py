"""The network of the paper's graph models, and the graph of ratings that it reads."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu

from stages.contracts.scale import NEGATIVE, POSITIVE
from stages.train.fitting.data import TrainingData
from stages.train.fitting.rescoring import Copies
from stages.train.graph.adjacency import adjacency
from stages.train.graph.gatv2 import GATv2, TableGraph
from stages.train.models.paper.settings import Config


@dataclass(frozen=True)
class Edges:
    """Which ratings are edges, and whether nodes have one to themselves."""

    self_loops: bool = False
    neutral: bool = True

    @classmethod
    def of(cls, config: Config) -> "Edges":
        """As the settings say."""
        return cls(config.self_loops, config.neutral)

    def among(self, data: TrainingData) -> np.ndarray:
        """Which of the ratings are edges, (ratings,) bool."""
        return self.neutral | (data.rating >= POSITIVE) | (data.rating <= NEGATIVE)

    def whole(self, data: TrainingData) -> TableGraph:
        """Edges both ways between user and item, users first."""
        kept = self.among(data)
        user, item = data.user[kept], data.item[kept] + data.n_users
        nodes = data.n_users + data.n_items
        targets, sources = np.concatenate([item, user]), np.concatenate([user, item])
        ratings = np.tile(data.rating[kept], 2)
        return self.graph(targets, sources, ratings, (nodes, nodes), data.device)

    def of_copies(self, copies: Copies) -> TableGraph:
        """Edges from all nodes to copies of users, which with loops are sources behind them."""
        own, kept = copies.own, self.among(copies.own)
        targets, sources = own.user[kept], own.item[kept] + copies.whole.n_users
        nodes = copies.whole.n_users + copies.whole.n_items
        ends = nodes + own.n_users if self.self_loops else nodes
        shape, device = (own.n_users, ends), copies.whole.device
        return self.graph(targets, sources, own.rating[kept], shape, device)

    def graph(
        self,
        targets: np.ndarray,
        sources: np.ndarray,
        ratings: np.ndarray,
        shape: tuple[int, int],
        device: str,
    ) -> TableGraph:
        """With the targets' edges to themselves, if any: they are the last of the sources."""
        if self.self_loops:
            n, ends = shape
            count = np.bincount(targets, minlength=n)
            mean = np.bincount(targets, ratings, minlength=n) / np.maximum(count, 1)
            targets = np.concatenate([targets, np.arange(n)])
            sources = np.concatenate([sources, np.arange(ends - n, ends)])
            ratings = np.concatenate([ratings, mean])
        edges, order = adjacency(targets, sources, shape, device)
        scalars = torch.as_tensor(ratings[order].astype(np.float32), device=device)
        return TableGraph.of(edges, scalars)


class PaperNetwork(nn.Module):
    """forward: the graph of all ratings, both ways → vectors (users + items, 64), users first."""

    def __init__(self, config: Config, start: Tensor) -> None:
        super().__init__()
        self.nodes = nn.Parameter(start.clone(), requires_grad=not config.frozen)
        self.edges = Edges.of(config)
        widths = [start.shape[1], *(config.channels * heads for heads in config.heads)]
        sizes = list(zip(widths[:-1], widths[1:], config.heads, strict=True))
        layer = layer_of(config)
        self.layers = nn.ModuleList(
            layer(before, after // heads, heads, config.dropout) for before, after, heads in sizes
        )
        self.norms = nn.ModuleList(nn.LayerNorm(after) for _, after, _ in sizes)
        self.skips = nn.ModuleList(
            nn.Identity() if before == after else nn.Linear(before, after)
            for before, after, _ in sizes
        )

    def forward(self, graph: TableGraph) -> Tensor:
        x: Tensor = self.nodes  # h⁰: (users + items, 384)
        for layer in range(len(self.layers)):
            x = self._step(layer, x, x, graph)  # h^{l+1}: (users + items, channels · heads)
        return x

    def read(self, copies: Copies) -> Tensor:
        """Vectors of copies of users, (copies, 64), that send no message: all other nodes stay.

        With one or two layers that is what the graph without the ratings gives the user. With
        three, the messages that items send in the last layer still contain what the user sent them
        with all ratings; and items, even unrated ones, still contain what reached them through
        others who rated the removed ones.
        """
        whole, graph = self.edges.whole(copies.whole), self.edges.of_copies(copies)
        x: Tensor = self.nodes  # (users + items, 384)
        users = x[torch.as_tensor(copies.of, device=x.device)]  # (copies, 384)
        for layer in range(len(self.layers)):
            sources = torch.cat([x, users]) if self.edges.self_loops else x
            users, x = self._step(layer, users, sources, graph), self._step(layer, x, x, whole)
        return users

    def _step(self, layer: int, targets: Tensor, sources: Tensor, graph: TableGraph) -> Tensor:
        # LeakyReLU(LayerNorm(GATv2(h))) + skip(h): (targets, channels · heads)
        read = self.norms[layer](self.layers[layer](targets, sources, graph))
        skipped = self.skips[layer](targets)
        assert read.shape == skipped.shape
        return leaky_relu(read) + skipped


def layer_of(config: Config) -> type[nn.Module]:
    """The attention layer's class."""
    if config.layer == "csr":
        return GATv2
    # Only here, as the library takes seconds to load.
    from stages.train.models.paper.pyg import PygGATv2

    return PygGATv2
