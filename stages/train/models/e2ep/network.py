"""e2ep's network: free vectors and features of the nodes, refined by attention over the ratings.

    h⁰_u = free vector + V·profile        h⁰_i = free vector + W·features
    h^{l+1}_t = Σ_s α_ts h^l_s            α as in stages/train/graph/gat.py, messages untransformed
    h = (h⁰ + … + h^L) / (L + 1)          personal score of user u for item i: cos(h_u, h_i)/τ + b_i

In a training step some items are cold and some users are newcomers. Both lose their free vector and
bias; the items also lose all edges, and the users all but their earliest few. So features and a few
ratings must be enough on their own, as they must for real cold items and newcomers.
"""

from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from stages.train.graph.blocks import BlockedGraph
from stages.train.graph.gat import Attention
from stages.train.models.e2ep.division.alone import BY_ITSELF, Alone
from stages.train.models.e2ep.graph import Graph, Near, Part
from stages.train.models.e2ep.settings import Config


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


class DroppedProducts(torch.autograd.Function):
    """Features with dropout times W, (items, channels), and times a vector, (items,).

    What is kept is drawn again for the gradient, from a seed, rather than held.
    features: (items, columns), project: W (columns, channels), shared: (columns,).
    """

    @staticmethod
    def forward(
        ctx: Any, features: Tensor, project: Tensor, shared: Tensor, rate: float
    ) -> tuple[Tensor, Tensor]:
        ctx.save_for_backward(features)
        ctx.rate, ctx.seed = rate, int(torch.randint(1 << 62, ()))
        kept = DroppedProducts.kept(ctx, features)
        return kept @ project, kept @ shared

    @staticmethod
    def backward(  # type: ignore[override]
        ctx: Any, grad_items: Tensor, grad_bias: Tensor
    ) -> tuple[None, Tensor, Tensor, None]:
        kept = DroppedProducts.kept(ctx, *ctx.saved_tensors)
        return None, kept.T @ grad_items, kept.T @ grad_bias, None

    @staticmethod
    def kept(ctx: Any, features: Tensor) -> Tensor:
        """The features with dropout, (items, columns)."""
        draws = torch.Generator(features.device).manual_seed(ctx.seed)
        return dropped(features, ctx.rate, draws)


class Vectors(NamedTuple):
    """The network's output for a part of the graph.

    users: (users, channels) and items: (items, channels), unit vectors. bias: (items,).
    first_users: (users, channels), before any layer. item_layers: (items, channels) each, before
    any layer and after each.
    """

    users: Tensor
    items: Tensor
    bias: Tensor
    first_users: Tensor
    item_layers: list[Tensor]


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

    def vectors(self, network: "Network") -> Vectors:
        """What a network makes of all edges."""


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
        # On a large graph a table of features is large, too.
        items, bias = self.first_items(part.cold, redraw=near.rows is not None)
        users = first_users = self.first_users(part.newcomer, near)

        # h^{l+1} of users from h^l of items, and the other way round
        of_users, of_items, item_layers = users, items, [items]
        for to_user, to_item in zip(self.to_user, self.to_item, strict=True):
            users, items = (
                to_user(users, items, to_users),
                to_item(items, users, to_items, others=near.graph.others),
            )
            of_users, of_items = of_users + users, of_items + items
            item_layers.append(items)

        # Σ h / ‖Σ h‖ over layers, as of their mean, so that a product of two is their cosine
        users, items = (normalize(total, dim=1) for total in (of_users, of_items))
        return Vectors(users, items, bias, first_users, item_layers)

    def in_training(self, inputs: Tensor) -> Tensor:
        """Features or profiles, with dropout in training."""
        rate = self.settings.feature_dropout
        return dropped(inputs, rate) if self.training and rate else inputs

    def first_users(self, newcomer: Tensor, near: Near | None = None) -> Tensor:
        """h⁰_u = free vector + V·profile, without those of a newcomer: (users, channels).

        newcomer: (users,) bool, of the users of `near`, or of all.
        """
        of = (lambda rows: rows) if near is None else near.of
        users: Tensor = of(self.users)
        if self.read is not None and self.user_text is not None:
            users = users + self.read(self.in_training(of(self.user_text)))
        return users * ~newcomer[:, None]

    def first_items(self, cold: Tensor, redraw: bool = False) -> tuple[Tensor, Tensor]:
        """h⁰_i = free vector + W·features (items, channels), b_i = own + shared·features (items,).

        A cold item has neither a free vector nor a bias of its own. redraw: whether dropout is
        drawn again for the gradient, so that no table of features is held until then.
        """
        rate = self.settings.feature_dropout
        if redraw and self.training and rate:
            items, bias = DroppedProducts.apply(self.features, self.project, self.shared, rate)
        else:
            features = self.in_training(self.features)  # (items, columns)
            items, bias = features @ self.project, features @ self.shared
        items += self.items * ~cold[:, None]
        assert items.shape == self.items.shape
        return items, self.own * ~cold + bias

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
            "users": vectors.first_users,
            "layers": torch.stack(vectors.item_layers),
        } | attention


def dropped(inputs: Tensor, rate: float, draws: torch.Generator | None = None) -> Tensor:
    """Inputs with dropout; torch's own needs a second table of their size on a CPU."""
    kept = torch.empty_like(inputs).bernoulli_(1 - rate, generator=draws)
    return kept.div_(1 - rate).mul_(inputs)
