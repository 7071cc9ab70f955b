"""A graph of more ratings than a step may read: each step reads those of some users.

The users of a batch are joined by others, drawn evenly, until their ratings are as many as a step's
messages and those that it drops. So a user of the batch shows as many of their ratings as in a
small graph, the items hear from a sample of the others, and a step's time and memory do not depend
on all edges (as in Hamilton, Ying and Leskovec, Inductive representation learning on large graphs,
NIPS 2017, but by whole users, whose ratings lie together). What has been learned is read from all
edges, a share of the users at a time.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import normalize

from stages.train.fitting.data import TrainingData
from stages.train.graph.heads import weighted
from stages.train.models.e2ep.division.alone import BY_ITSELF, Alone
from stages.train.models.e2ep.graph import Graph, Near
from stages.train.models.e2ep.network import AnyGraph, Network, Vectors
from stages.train.models.e2ep.settings import Config

EDGES_AT_ONCE = 1 << 21
"""Edges that `vectors` reads at once, about: all workers together, each at least an eighth."""


def graph_of(data: TrainingData, config: Config, others: Alone = BY_ITSELF) -> AnyGraph:
    """The ratings as a graph, whole if a step may read all that it does not drop."""
    n_edges = int(others.total(torch.tensor([len(data.user)]).to(data.device)))
    if n_edges * (1 - config.edge_dropout) <= config.messages:
        return Graph(data, config.grades, others)
    return SampledGraph(data, config.grades, others)


class SampledGraph:
    """The ratings, of which a step reads some; attributes as those of `Graph`.

    lengths: (users,), ratings of each.
    """

    def __init__(
        self, data: TrainingData, grades: dict[int, float], others: Alone = BY_ITSELF
    ) -> None:
        self.data, self.grades, self.others = data, grades, others
        lengths, counts = (
            torch.as_tensor(np.bincount(rows, minlength=most), device=data.device)
            for rows, most in ((data.user, data.n_users), (data.item, data.n_items))
        )
        self.lengths, self.active = lengths, lengths > 0
        self.counts = others.total(counts)
        self.rated = self.counts > 0
        self.n_edges, self.n_active = (
            int(others.total(mine.sum())) for mine in (self.lengths, self.active)
        )

    @property
    def _of_all(self) -> float:
        """How much of everybody's ratings one's own users have."""
        return int(self.lengths.sum()) / self.n_edges

    def near(self, users: Tensor, settings: Config) -> Near:
        """The graph of these users (users,) and of others drawn for a step."""
        room = self._of_all * settings.messages / (1 - settings.edge_dropout)
        free = self.active.clone()
        free[users] = False
        drawn = free.nonzero().squeeze(1)
        drawn = drawn[
            torch.randperm(len(drawn), generator=self.others.generator, device=drawn.device)
        ]
        ends = self.lengths[drawn].cumsum(0) + self.lengths[users].sum()
        among = torch.cat([users, drawn[ends <= room]]).sort().values
        return Near(self._graph(among, self.others), among)

    def vectors(self, network: Network) -> Vectors:
        """What a network makes of all edges, as `Network.forward` does."""
        cold = ~self.rated
        first = network.first_users(~self.active)
        users = first
        items, bias = network.first_items(cold)
        total, item_layers = users.clone(), [items]
        for to_user, to_item in zip(network.to_user, network.to_item, strict=True):
            heard, sums = torch.empty_like(users), Sums(self.others)
            for graph, rows in self._shares():
                to_users, to_items = graph.directions(graph.whole())
                heard[rows] = to_user(users[rows], items, to_users)
                to_item(items, users[rows], to_items, others=sums)
            users, items = heard, sums.result()
            total += users
            item_layers.append(items)
        of_items = sum(item_layers[1:], item_layers[0])
        return Vectors(
            normalize(total, dim=1, out=total),
            normalize(of_items, dim=1, out=of_items),
            bias,
            first,
            item_layers,
        )

    def _shares(self) -> Iterator[tuple[Graph, slice]]:
        """The users' graphs in turn, and their rows."""
        ends = self.lengths.cumsum(0)
        step = max(1, EDGES_AT_ONCE // 8, int(EDGES_AT_ONCE * self._of_all))
        marks = torch.arange(step, int(ends[-1]) + step, step, device=ends.device)
        edges = [0, *torch.searchsorted(ends, marks, right=True).tolist(), len(ends)]
        for first, last in pairwise(edges):
            if first < last:
                rows = torch.arange(first, last, device=ends.device)
                yield self._graph(rows, BY_ITSELF), slice(first, last)

    def _graph(self, users: Tensor, others: Alone) -> Graph:
        graph = Graph(self.data.of_users(users.cpu().numpy()), self.grades, others, once=True)
        graph.rated = self.rated
        return graph


class Sums(Alone):
    """Attention over the edges of several graphs with the same targets, as one graph would give it.

    With y_w and L_w = log Σ_s exp(e_ts) of each and M the greatest L_w, as in
    stages/train/models/e2ep/division/divided.py.
    """

    def __init__(self, others: Alone) -> None:
        self.others = others
        self.top: Tensor | None = None

    def attention(self, mine: Tensor, log_sum: Tensor) -> Tensor:
        """Add a graph: y (targets, heads · channels) and log Σ_s exp(e_ts) (heads, targets)."""
        if self.top is None:
            self.top = torch.full_like(log_sum, -torch.inf)
            self.y, self.sum = torch.zeros_like(mine), torch.zeros_like(log_sum)
        top = torch.maximum(self.top, log_sum)
        finite = top.masked_fill(top.isinf(), 0.0)
        before, share = ((old - finite).exp() for old in (self.top, log_sum))  # (heads, targets)
        self.y = weighted(self.y, before) + weighted(mine, share)
        self.sum, self.top = self.sum * before + share, top
        return mine

    def result(self) -> Tensor:
        """Everybody's, (targets, heads · channels)."""
        assert self.top is not None
        y = weighted(self.y, 1 / self.sum.clamp_min(1.0))
        return self.others.attention(y, self.top + self.sum.log())
