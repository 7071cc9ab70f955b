"""GATv2 attention (Brody et al., 2022) over edges in CSR order: never a tensor of edges × channels.

For a target t, a neighbour s and the scalar w_ts of their edge, one head, with r = lin_r(target)
and l = lin_l(source):

    z_ts = r_t + l_s + w_ts·c
    e_ts = a · LeakyReLU(z_ts)
    α_ts = exp(e_ts) / Σ_s' exp(e_ts')       over the neighbours of t
    h'_t = Σ_s α_ts l_s + b

Unlike GAT's, a score is not a sum of node scalars, so z is computed in chunks of edges that fit the
processor's cache, and computed again in the backward pass. With r, l and c stacked as rows of one
table, z_ts is the sum of three rows scaled by 1, 1 and w_ts, which is what an embedding bag
computes.

Backward, with g_ts = ∂loss/∂e_ts and D_ts = g_ts·LeakyReLU'(z_ts): since ∂loss/∂z_ts = a ⊙ D_ts,
and a row n of the table enters z_ts with the scale k,

    ∂loss/∂row_n = a ⊙ G_n,    G_n = Σ k·D_ts      over the edges that use it

As LeakyReLU(z) = LeakyReLU'(z) ⊙ z and z is linear in the rows, a needs no separate pass over the
edges:

    ∂loss/∂a = Σ_ts g_ts·LeakyReLU(z_ts) = Σ_ts D_ts ⊙ z_ts = Σ_n G_n ⊙ row_n
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout, embedding_bag, leaky_relu_

from stages.train.graph.adjacency import Adjacency, SparseDense, segment_softmax

_SLOPE = 0.2
"""Slope of LeakyReLU below 0."""

CHUNK_BYTES = 1 << 20
"""Size of a chunk, edges × channels: it stays in a core's cache, and makes calls cheap."""
GPU_CHUNK_BYTES = 1 << 28
"""The same on a GPU, where each call costs more."""


@dataclass(frozen=True)
class TableGraph:
    """A graph, a scalar per edge, and the rows and scales of a table whose weighted sum is z.

    The table stacks targets, sources and one row for the scalar. scalars: (edges,) in the graph's
    order. rows, scales: (edges, 3).
    """

    edges: Adjacency
    scalars: Tensor
    rows: Tensor
    scales: Tensor

    @classmethod
    def of(cls, edges: Adjacency, scalars: Tensor) -> "TableGraph":
        """`edges` with scalars (edges,) in their order, whose precision is used."""
        targets, sources = edges.shape
        last = torch.full_like(edges.rows, targets + sources)
        rows = torch.stack([edges.rows, edges.cols + targets, last], 1)  # (edges, 3)
        unit = torch.ones_like(scalars)
        return cls(edges, scalars, rows, torch.stack([unit, unit, scalars], 1))

    def chunks(self, table: Tensor) -> Iterator[tuple[slice, Tensor]]:
        """Where each chunk of edges stands, and its z: (edges of the chunk, channels)."""
        most = CHUNK_BYTES if table.device.type == "cpu" else GPU_CHUNK_BYTES
        edges, step = len(self.rows), max(1, most // (table.shape[1] * table.element_size()))
        # Detached, or the bag also prepares for a backward pass that nobody needs.
        table = table.detach()
        for start in range(0, edges, step):
            at = slice(start, min(start + step, edges))
            z = embedding_bag(self.rows[at], table, mode="sum", per_sample_weights=self.scales[at])
            yield at, z

    def add_to_targets(self, total: Tensor, at: slice, values: Tensor) -> None:
        """Add a chunk's values, (edges of the chunk, channels), to the targets' rows of `total`."""
        first, last = (int(self.edges.rows[place]) for place in (at.start, at.stop - 1))
        starts = (self.edges.indptr[first : last + 1] - at.start).clamp_min(0)
        order = torch.arange(len(values), device=values.device)
        total[first : last + 1] += embedding_bag(order, values, starts, mode="sum")


class PairScores(torch.autograd.Function):
    """Scores e of all edges, (edges,); the backward pass is derived above.

    table: (targets + sources + 1, channels), a: (channels,).
    """

    @staticmethod
    def forward(ctx: Any, table: Tensor, a: Tensor, graph: TableGraph) -> Tensor:
        ctx.graph = graph
        ctx.save_for_backward(table, a)
        scores = table.new_empty(len(graph.scalars))  # (edges,)
        for at, z in graph.chunks(table):
            # e_ts = a · LeakyReLU(z_ts)
            torch.mv(leaky_relu_(z, _SLOPE), a, out=scores[at])
        return scores

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, None]:  # type: ignore[override]
        table, a = ctx.saved_tensors
        graph, sums = ctx.graph, torch.zeros_like(table)  # G: (targets + sources + 1, channels)
        of_targets, of_sources, of_scalar = sums.split([*graph.edges.shape, 1])
        for at, z in graph.chunks(table):
            # D_ts = g_ts·LeakyReLU'(z_ts), in place of z: (edges of the chunk, channels)
            g = grad[at, None].expand_as(z)
            d = torch.ops.aten.leaky_relu_backward.grad_input(g, z, _SLOPE, False, grad_input=z)
            graph.add_to_targets(of_targets, at, d)
            of_sources.index_add_(0, graph.edges.cols[at], d)
            of_scalar[0].addmv_(d.T, graph.scalars[at])
        return sums * a, (sums * table).sum(0), None


class GATv2(nn.Module):
    """PyG's GATv2Conv(edge_dim=1, add_self_loops=False): same parameters, names and first values.

    forward: targets (targets, inputs), sources (sources, inputs) → (targets, heads · channels).
    """

    def __init__(self, inputs: int, channels: int, heads: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.heads, self.channels, self.dropout = heads, channels, dropout
        width = heads * channels
        self.lin_l, self.lin_r = (nn.utils.skip_init(nn.Linear, inputs, width) for _ in range(2))
        self.lin_edge = nn.utils.skip_init(nn.Linear, 1, width, bias=False)
        self.att = nn.Parameter(torch.empty(1, heads, channels))
        self.bias = nn.Parameter(torch.zeros(width))
        # PyG draws its maps when it creates them, and again when the layer resets them.
        for linear in 2 * (self.lin_l, self.lin_r, self.lin_edge):
            nn.init.xavier_uniform_(linear.weight)
            if linear.bias is not None:
                nn.init.uniform_(linear.bias, -(linear.in_features**-0.5), linear.in_features**-0.5)
        nn.init.xavier_uniform_(self.att.detach()[0])

    def forward(self, targets: Tensor, sources: Tensor, graph: TableGraph) -> Tensor:
        # Rows of all heads: (sources, heads · channels), (targets, …) and (1, …)
        left, right, edge = self.lin_l(sources), self.lin_r(targets), self.lin_edge.weight.T
        parts = []
        for head, a in enumerate(self.att[0]):
            at = slice(head * self.channels, (head + 1) * self.channels)
            table = torch.cat([right[:, at], left[:, at], edge[:, at]])
            assert table.shape == (len(targets) + len(sources) + 1, self.channels)
            # α_ts = exp(e_ts) / Σ_s' exp(e_ts'): (edges,)
            attention = segment_softmax(PairScores.apply(table, a, graph), graph.edges)
            if self.dropout:
                attention = dropout(attention, self.dropout, self.training)
            # Σ_s α_ts l_s: (targets, channels)
            parts.append(SparseDense.apply(attention, left[:, at].contiguous(), graph.edges))
        return torch.cat(parts, dim=1) + self.bias
