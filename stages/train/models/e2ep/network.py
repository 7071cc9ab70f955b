"""e2ep's network: free vectors and features of the nodes, refined by attention over the ratings.

    h⁰_u = free vector + V·profile        h⁰_i = free vector + W·features
    h^{l+1}_t = Σ_s α_ts h^l_s            α as in stages/train/graph/gat.py, messages untransformed
    h = (h⁰ + … + h^L) / (L + 1)          personal score of user u for item i: cos(h_u, h_i)/τ + b_i

In a training step some items are cold and some users are newcomers. Both lose their free vector and
bias; the items also lose all edges, and the users all but their earliest few. So features and a few
ratings must be enough on their own, as they must for real cold items and newcomers.
"""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import dropout, normalize

from stages.core.groups import place_in_group
from stages.train.fitting.data import TrainingData, grade
from stages.train.graph.adjacency import adjacency
from stages.train.graph.blocks import BlockedGraph
from stages.train.graph.gat import Attention
from stages.train.models.e2ep.division.alone import BY_ITSELF, Alone
from stages.train.models.e2ep.settings import Config

FIRST = 15
"""A simulated newcomer keeps fewer ratings than this."""


@dataclass(frozen=True)
class Part:
    """What a step sees of the graph.

    kept: (edges,) bool. cold: (items,) bool and newcomer: (users,) bool, nodes without a free
    vector.
    """

    kept: Tensor
    cold: Tensor
    newcomer: Tensor


class Graph:
    """The ratings as edges in order of users, each with its grade and its place in time.

    grade, scalars, nth: (edges,). counts: (items,), everybody's ratings of each. rated: (items,)
    bool, active: (users,) bool, nodes with an edge. others: who has the other users' ratings, if
    these are not all. once: whether it is for a single step.
    """

    def __init__(
        self,
        data: TrainingData,
        grades: dict[int, float],
        others: Alone = BY_ITSELF,
        once: bool = False,
    ) -> None:
        self.others, self.once = others, once
        sizes = data.n_users, data.n_items
        self.edges, order = adjacency(data.user, data.item, sizes, data.device)
        values = grade(data.rating, grades)[order]
        # As shares of a softmax, grades only count relative to each other; a positive logarithm
        # passes through LeakyReLU unchanged.
        scalars = np.log(values / min(grades.values()))
        self.grade, self.scalars = (
            torch.as_tensor(array, device=data.device) for array in (values, scalars)
        )
        self._data, self._order = data, order
        self.counts = others.total(torch.bincount(self.edges.cols, minlength=data.n_items))
        self.rated = self.counts > 0
        self.active = torch.bincount(self.edges.rows, minlength=data.n_users) > 0
        # Of everybody's ratings
        self.n_edges, self.n_active = (
            int(others.total(mine.sum()))
            for mine in (torch.ones_like(self.grade, dtype=torch.long), self.active)
        )

    @cached_property
    def nth(self) -> Tensor:
        """Each rating's place among its user's by time, (edges,); drawn if no order is known."""
        return torch.as_tensor(places_in_time(self._data)[self._order], device=self._data.device)

    def nth_of(self, users: Tensor) -> Tensor:
        """`nth` of the edges of some users, (their edges,); users: (users,) bool."""
        theirs = users[self.edges.rows]
        if not self.once:
            return self.nth[theirs]
        # For one step, only their ratings are sorted.
        chosen = self._data.of_ratings(self._order[theirs.cpu().numpy()])
        return torch.as_tensor(places_in_time(chosen), device=self._data.device)

    def near(self, users: Tensor, settings: Config) -> "Near":
        """What a step on a batch of users (users,) reads: all, as there is room for it."""
        return Near(self, None)

    def whole(self) -> Part:
        """All edges; only nodes without edges are cold items and newcomers."""
        return Part(torch.ones_like(self.grade, dtype=torch.bool), ~self.rated, ~self.active)

    def vectors(self, network: "Network") -> "Vectors":
        """What a network makes of all edges."""
        made: Vectors = network(self.whole())
        return made

    def draw(self, settings: Config) -> Part:
        """A random part for a training step."""
        draw = partial(torch.rand, device=self.grade.device)
        own = partial(draw, generator=self.others.generator)
        cold = (draw(len(self.rated)) < settings.cold_items) | ~self.rated  # (items,)
        newcomer = (own(len(self.active)) < settings.newcomers) | ~self.active  # (users,)
        kept = own(len(self.grade)) < 1 - settings.edge_dropout  # (edges,)
        first = torch.randint(
            FIRST, newcomer.shape, generator=self.others.generator, device=newcomer.device
        )  # (users,)
        theirs = newcomer[self.edges.rows]
        kept[theirs] = self.nth_of(newcomer) < first[self.edges.rows[theirs]]
        return Part(kept & ~cold[self.edges.cols], cold, newcomer)

    def directions(self, part: Part) -> tuple[BlockedGraph, BlockedGraph]:
        """The kept edges towards users, and towards items."""
        edges, scalars = self.edges.subset(part.kept), self.scalars[part.kept]
        towards_items = BlockedGraph.of(edges.transposed(), scalars[edges.turn])
        return BlockedGraph.of(edges, scalars), towards_items


def places_in_time(data: TrainingData) -> np.ndarray:
    """Each rating's place among its user's by time, (ratings,); drawn if no order is known."""
    if data.nth is not None:
        return data.nth
    return place_in_group(data.user, np.random.default_rng(0).permutation(len(data.user)))


class Near(NamedTuple):
    """A graph, and the rows (users,) of its users among all, in order; None if they are all."""

    graph: Graph
    rows: Tensor | None

    def places(self, users: Tensor) -> Tensor:
        """Where these users (users,) are in the graph."""
        return users if self.rows is None else torch.searchsorted(self.rows, users)

    def of(self, users: Tensor) -> Tensor:
        """The graph's users' rows of a table of all users."""
        return users if self.rows is None else users[self.rows]


class AnyGraph(Protocol):
    """The ratings as a graph, all of which a step may read, or some; attributes as of `Graph`."""

    others: Alone
    counts: Tensor
    rated: Tensor
    active: Tensor
    n_edges: int
    n_active: int

    def near(self, users: Tensor, settings: Config) -> Near:
        """What a step on a batch of users (users,) reads."""

    def vectors(self, network: "Network") -> "Vectors":
        """What a network makes of all edges."""


class Layer(nn.Module):
    """Attention in one direction; the channels hold the heads one after another."""

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.target, self.source = (
            nn.Parameter(torch.zeros(heads, channels // heads)) for _ in range(2)
        )
        self.edge = nn.Parameter(torch.ones(heads))

    def forward(
        self, targets: Tensor, sources: Tensor, graph: BlockedGraph, others: Alone = BY_ITSELF
    ) -> Tensor:
        """others: who has other edges of the same targets."""
        # p_t = target · h_t and q_s = source · h_s: (heads, nodes)
        p, q = (
            torch.einsum("nhc,hc->hn", rows.unflatten(1, by.shape), by).contiguous()
            for rows, by in ((targets, self.target), (sources, self.source))
        )
        # Σ_s α_ts h_s with α_ts = softmax_s LeakyReLU(p_t + q_s + edge·w_ts): (targets, channels)
        y: Tensor = others.attention(*Attention.apply(sources, p, q, self.edge, graph))
        assert y.shape == targets.shape
        return y


class Vectors(NamedTuple):
    """The network's output for a part of the graph.

    users: (users, channels) and items: (items, channels), unit vectors. bias: (items,).
    user_layers, item_layers: (layers + 1, nodes, channels), before any layer and after each.
    """

    users: Tensor
    items: Tensor
    bias: Tensor
    user_layers: Tensor
    item_layers: Tensor


class Network(nn.Module):
    """forward: a part of the graph → Vectors."""

    def __init__(
        self, settings: Config, graph: AnyGraph, features: Tensor, user_text: Tensor | None
    ) -> None:
        super().__init__()
        channels, n_users, n_items = settings.channels, len(graph.active), len(graph.rated)
        self.settings, self.graph = settings, graph
        self.features, self.user_text = features, user_text  # (items, columns), (users, 384)
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

    def forward(self, part: Part, near: Near | None = None) -> Vectors:
        if near is None:
            assert isinstance(self.graph, Graph)
            near = Near(self.graph, None)
        to_users, to_items = near.graph.directions(part)
        features = self.dropped(self.features)  # (items, columns)
        users, items = self.first_users(part.newcomer, near), self.first_items(features, part.cold)

        # h^{l+1} of users from h^l of items, and the other way round
        user_layers, item_layers = [users], [items]
        for to_user, to_item in zip(self.to_user, self.to_item, strict=True):
            users, items = (
                to_user(users, items, to_users),
                to_item(items, users, to_items, others=near.graph.others),
            )
            user_layers.append(users)
            item_layers.append(items)

        # h / ‖h‖, h the mean over layers, so that a product of two is their cosine
        of_users, of_items = torch.stack(user_layers), torch.stack(item_layers)  # (layers + 1, …)
        users, items = (normalize(layers.mean(0), dim=1) for layers in (of_users, of_items))
        return Vectors(users, items, self.bias(features, part.cold), of_users, of_items)

    def dropped(self, inputs: Tensor) -> Tensor:
        """Features or profiles with dropout."""
        return dropout(inputs, self.settings.feature_dropout, self.training)

    def first_users(self, newcomer: Tensor, near: Near | None = None) -> Tensor:
        """h⁰_u = free vector + V·profile, without those of a newcomer: (users, channels).

        newcomer: (users,) bool, of the users of `near`, or of all.
        """
        of = (lambda rows: rows) if near is None else near.of
        users: Tensor = of(self.users)
        if self.read is not None and self.user_text is not None:
            users = users + self.read(self.dropped(of(self.user_text)))
        return users * ~newcomer[:, None]

    def first_items(self, features: Tensor, cold: Tensor) -> Tensor:
        """h⁰_i = free vector + W·features, without that of a cold item: (items, channels)."""
        items = self.items * ~cold[:, None] + features @ self.project
        assert items.shape == self.items.shape
        return items

    def bias(self, features: Tensor, cold: Tensor) -> Tensor:
        """b_i = own bias, without that of a cold item, + shared·features: (items,)."""
        return self.own * ~cold + features @ self.shared

    def learned(self) -> dict[str, Tensor]:
        """What is learned, by the names of stages/train/models/e2ep/score.py, from the whole graph.

        `refined` are the users' unit vectors.
        """
        self.eval()
        with torch.no_grad():
            vectors = self.graph.vectors(self)
            attention = {
                name: torch.stack([getattr(layer, name) for layer in self.to_user])
                for name in ("target", "source", "edge")
            }
        return {
            "refined": vectors.users,
            "items": vectors.items,
            "bias": vectors.bias,
            "users": vectors.user_layers[0],
            "layers": vectors.item_layers,
        } | attention
