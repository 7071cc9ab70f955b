"""GATv2 attention (Brody et al., 2022) over edges in CSR order: never a tensor of edges × channels.

For a target t, a neighbour s and the scalar w_ts of their edge, one head, with r = lin_r(target), l = lin_l(source):

    z_ts = r_t + l_s + w_ts·c
    e_ts = a · LeakyReLU(z_ts)
    α_ts = exp(e_ts) / Σ_s' exp(e_ts')       over the neighbours of t
    h'_t = Σ_s α_ts l_s + b

Unlike GAT's, a score is no sum of node scalars, so z is made, a chunk of edges at a time that fits the processor's
cache, and made again in the backward pass. With r, l and c stacked as rows of one table, z_ts is the sum of three rows
scaled by 1, 1 and w_ts, which is what an embedding bag computes.

Backward, with g_ts = ∂loss/∂e_ts and D_ts = g_ts·LeakyReLU'(z_ts): since ∂loss/∂z_ts = a ⊙ D_ts, and a row n of the
table enters z_ts with the scale k,

    ∂loss/∂row_n = a ⊙ G_n,    G_n = Σ k·D_ts      over the edges that use it

As LeakyReLU(z) = LeakyReLU'(z) ⊙ z and z is linear in the rows, a needs no pass over the edges of its own:

    ∂loss/∂a = Σ_ts g_ts·LeakyReLU(z_ts) = Σ_ts D_ts ⊙ z_ts = Σ_n G_n ⊙ row_n
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding_bag, leaky_relu_

from stages.train.graph.adjacency import Adjacency, SparseDense, segment_softmax

SLOPE = 0.2
"""Of LeakyReLU below 0."""

CHUNK_BYTES = 1 << 20
"""Of edges × channels: it stays in a core's cache, and costs little in calls."""


@dataclass(frozen=True)
class WeightedGraph:
    """A graph, the scalar of each edge, and the three rows of a table (targets, sources, 1) and scales that sum to z.

    weight: (edges,) in the graph's order. rows, scales: (edges, 3).
    """

    edges: Adjacency
    weight: Tensor
    rows: Tensor
    scales: Tensor

    def chunks(self, table: Tensor) -> Iterator[tuple[slice, Tensor]]:
        """z of all edges, (edges of a chunk, channels) at a time, and where those edges stand."""
        edges, step = len(self.rows), max(1, CHUNK_BYTES // (table.shape[1] * table.element_size()))
        for start in range(0, edges, step):
            at = slice(start, min(start + step, edges))
            # Detached, or the bag also prepares for a backward pass that nobody asks of it.
            yield (
                at,
                embedding_bag(
                    self.rows[at], table.detach(), mode="sum", per_sample_weights=self.scales[at]
                ),
            )

    def add_to_targets(self, total: Tensor, at: slice, values: Tensor) -> None:
        """Add a chunk's values, (edges of the chunk, channels), to the rows of `total` of their targets."""
        first, last = self.edges.rows[at][[0, -1]].tolist()
        starts = (self.edges.indptr[first : last + 1] - at.start).clamp_min(0)
        order = torch.arange(len(values), device=values.device)
        total[first : last + 1] += embedding_bag(order, values, starts, mode="sum")


def weighted(edges: Adjacency, weight: Tensor) -> WeightedGraph:
    """`edges` with the weights (edges,), given in their order; their precision is the one to compute in."""
    targets, sources = edges.shape
    rows = torch.stack(
        [edges.rows, edges.cols + targets, torch.full_like(edges.rows, targets + sources)], 1
    )
    one = torch.ones_like(weight)
    return WeightedGraph(edges, weight, rows, torch.stack([one, one, weight], 1))


class PairScores(torch.autograd.Function):
    """e of all edges, from the table (targets + sources + 1, channels) and a (channels,); its backward stands above."""

    @staticmethod
    def forward(ctx: Any, table: Tensor, a: Tensor, graph: WeightedGraph) -> Tensor:
        ctx.graph = graph
        ctx.save_for_backward(table, a)
        scores = table.new_empty(len(graph.weight))
        for at, z in graph.chunks(table):
            torch.mv(leaky_relu_(z, SLOPE), a, out=scores[at])
        return scores

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, None]:  # type: ignore[override]
        table, a = ctx.saved_tensors
        graph, sums = ctx.graph, torch.zeros_like(table)
        targets, sources, edge = sums.split([*graph.edges.shape, 1])
        for at, z in graph.chunks(table):
            given = grad[at, None].expand_as(z)
            slopes = torch.ops.aten.leaky_relu_backward.grad_input(
                given, z, SLOPE, False, grad_input=z
            )
            graph.add_to_targets(targets, at, slopes)
            sources.index_add_(0, graph.edges.cols[at], slopes)
            edge[0].addmv_(slopes.T, graph.weight[at])
        return sums * a, (sums * table).sum(0), None


class GATv2(nn.Module):
    """PyG's GATv2Conv(edge_dim=1, add_self_loops=False): the same parameters, names and, from a seed, first values.

    forward: targets (targets, inputs), sources (sources, inputs) → (targets, heads · channels).
    """

    def __init__(self, inputs: int, channels: int, heads: int) -> None:
        super().__init__()
        self.heads, self.channels = heads, channels
        width = heads * channels
        self.lin_l, self.lin_r = (nn.utils.skip_init(nn.Linear, inputs, width) for _ in range(2))
        self.lin_edge = nn.utils.skip_init(nn.Linear, 1, width, bias=False)
        self.att = nn.Parameter(torch.empty(1, heads, channels))
        self.bias = nn.Parameter(torch.zeros(width))
        self._initialise()

    def forward(self, targets: Tensor, sources: Tensor, graph: WeightedGraph) -> Tensor:
        left, right, edge = self.lin_l(sources), self.lin_r(targets), self.lin_edge.weight.T
        parts = []
        for head, a in enumerate(self.att[0]):
            at = slice(head * self.channels, (head + 1) * self.channels)
            scores = PairScores.apply(torch.cat([right[:, at], left[:, at], edge[:, at]]), a, graph)
            attention = segment_softmax(scores, graph.edges)
            parts.append(SparseDense.apply(attention, left[:, at].contiguous(), graph.edges))
        return torch.cat(parts, dim=1) + self.bias

    def _initialise(self) -> None:
        # PyG draws its maps when it makes them and again when the layer resets them; so a seed gives the same here.
        for linear in 2 * (self.lin_l, self.lin_r, self.lin_edge):
            nn.init.xavier_uniform_(linear.weight)
            if linear.bias is not None:
                nn.init.uniform_(linear.bias, -(linear.in_features**-0.5), linear.in_features**-0.5)
        nn.init.xavier_uniform_(self.att.detach()[0])
