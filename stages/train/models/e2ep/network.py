"""e2ep's network: free vectors and features of the nodes, refined by graph attention over a part of the edges.

    h⁰ = free vector + W·features          h^{l+1}_t = Σ_s α_ts h^l_s  (stages/train/graph/gat.py, without a feature transform)
    h = mean of h⁰ … h^L                    personal score of user u for item i: cos(h_u, h_i) / τ + b_i

While training, some items are made cold and some users newcomers: they lose their free vector and bias, the items all
edges, the users all but their earliest few. So features and few ratings alone must do, as they must for the real ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import dropout, normalize

from stages.train.fitting.data import TrainingData, graded, in_order_of_time
from stages.train.graph.adjacency import adjacency
from stages.train.graph.blocks import GradedGraph
from stages.train.graph.blocks import graded as weighted
from stages.train.graph.gat import Attention
from stages.train.models.e2ep.settings import Config

FIRST = 15
"""A simulated newcomer keeps fewer ratings than these."""


@dataclass(frozen=True)
class Part:
    """What a step sees. kept: (edges,) bool. cold: (items,) and fresh: (users,) bool, nodes without vectors of their own."""

    kept: Tensor
    cold: Tensor
    fresh: Tensor


class Graph:
    """The ratings as edges in order of users, graded, and which of them a newcomer would still have."""

    def __init__(self, data: TrainingData, grades: dict[int, float]) -> None:
        self.edges, order = adjacency(data.user, data.item, (data.n_users, data.n_items))
        grade = graded(data.rating, grades)[order]
        self.grade = torch.from_numpy(grade)
        # As shares of the softmax, grades count relative to each other; above 0 a logarithm passes LeakyReLU as it is.
        self.weight = torch.from_numpy(np.log(grade / min(grades.values())))
        nth = (
            in_order_of_time(data.user, np.zeros_like(data.user)) if data.nth is None else data.nth
        )
        self.nth = torch.from_numpy(nth[order])
        self.rated = torch.bincount(self.edges.cols, minlength=data.n_items) > 0
        self.active = torch.bincount(self.edges.rows, minlength=data.n_users) > 0

    def whole(self) -> Part:
        """All edges; cold and new are those without any."""
        return Part(torch.ones(len(self.grade), dtype=torch.bool), ~self.rated, ~self.active)

    def drawn(self, settings: Config) -> Part:
        """A random part for a training step."""
        cold = (torch.rand(len(self.rated)) < settings.cold_items) | ~self.rated
        fresh = (torch.rand(len(self.active)) < settings.newcomers) | ~self.active
        share = min(1 - settings.edge_dropout, settings.messages / max(len(self.grade), 1))
        kept = torch.rand(len(self.grade)) < share
        fewer = self.nth < torch.randint(FIRST, fresh.shape)[self.edges.rows]
        kept = torch.where(fresh[self.edges.rows], fewer, kept) & ~cold[self.edges.cols]
        return Part(kept, cold, fresh)

    def directions(self, part: Part) -> tuple[GradedGraph, GradedGraph]:
        """The kept edges towards users, and towards items."""
        edges, weight = self.edges.subset(part.kept), self.weight[part.kept]
        return weighted(edges, weight), weighted(edges.turned(), weight[edges.turn])


class Layer(nn.Module):
    """Attention in one direction, heads side by side in the channels."""

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.target, self.source = (
            nn.Parameter(torch.zeros(heads, channels // heads)) for _ in range(2)
        )
        self.edge = nn.Parameter(torch.ones(heads))

    def forward(self, targets: Tensor, sources: Tensor, graph: GradedGraph) -> Tensor:
        p, q = (
            torch.einsum("nhc,hc->hn", rows.unflatten(1, by.shape), by).contiguous()
            for rows, by in ((targets, self.target), (sources, self.source))
        )
        y: Tensor = Attention.apply(sources, p, q, self.edge, graph)
        return y


class Network(nn.Module):
    """forward: a part of the graph → unit vectors of users (users, channels) and items (items, channels), and the items'
    biases (items,)."""

    def __init__(
        self, settings: Config, graph: Graph, features: Tensor, user_text: Tensor | None
    ) -> None:
        super().__init__()
        channels, n_users, n_items = settings.channels, len(graph.active), len(graph.rated)
        self.settings, self.graph, self.features, self.user_text = (
            settings,
            graph,
            features,
            user_text,
        )
        self.users = nn.Parameter(torch.zeros(n_users, channels))
        self.items = nn.Parameter(0.1 * torch.randn(n_items, channels))
        self.own = nn.Parameter(torch.zeros(n_items))
        # Three times what suits inputs of variance 1: components of unit vectors are smaller.
        widest = 3.0 / max(features.shape[1], 1) ** 0.5
        self.project = nn.Parameter(
            torch.empty(features.shape[1], channels).uniform_(-widest, widest)
        )
        self.shared = nn.Parameter(torch.zeros(features.shape[1]))
        self.read = (
            None if user_text is None else nn.Linear(user_text.shape[1], channels, bias=False)
        )
        self.to_user, self.to_item = (
            nn.ModuleList(Layer(channels, settings.heads) for _ in range(settings.layers))
            for _ in range(2)
        )

    def forward(self, part: Part) -> tuple[Tensor, Tensor, Tensor]:
        features = self._dropped(self.features)
        return self._read(part, features, list(self.layers(part, features)))

    def layers(self, part: Part, features: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        """Vectors of users and items before the first layer and after each."""
        to_users, to_items = self.graph.directions(part)
        users = (
            self.users
            if self.read is None
            else self.users + self.read(self._dropped(self.user_text))
        )
        users, items = (
            users * ~part.fresh[:, None],
            self.items * ~part.cold[:, None] + features @ self.project,
        )
        yield users, items
        for to_user, to_item in zip(self.to_user, self.to_item, strict=True):
            users, items = to_user(users, items, to_users), to_item(items, users, to_items)
            yield users, items

    def frozen(self) -> dict[str, Tensor]:
        """What is learned, by the names of stages/train/models/e2ep/score.py; `refined` are the users' unit vectors."""
        self.eval()
        whole = self.graph.whole()
        with torch.no_grad():
            pairs = list(self.layers(whole, self.features))
            refined, items, bias = self._read(whole, self.features, pairs)
            attention = {
                name: torch.stack([getattr(layer, name) for layer in self.to_user])
                for name in ("target", "source", "edge")
            }
        layers = torch.stack([items for _, items in pairs])
        return {
            "refined": refined,
            "items": items,
            "bias": bias,
            "users": pairs[0][0],
            "layers": layers,
        } | attention

    def _read(
        self, part: Part, features: Tensor, pairs: Sequence[tuple[Tensor, Tensor]]
    ) -> tuple[Tensor, Tensor, Tensor]:
        users, items = (
            normalize(torch.stack(side).mean(0), dim=1) for side in zip(*pairs, strict=True)
        )
        return users, items, self.own * ~part.cold + features @ self.shared

    def _dropped(self, rows: Tensor | None) -> Tensor:
        assert rows is not None
        return dropout(rows, self.settings.feature_dropout, self.training)
