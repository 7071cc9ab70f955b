"""GAT attention (Veličković et al., 2018) over edges in CSR order: scalars of edges, never edges × channels.

For a target t, a neighbour s and the scalar w_ts of their edge, one head, with v = lin(source):

    e_ts = LeakyReLU(p_t + q_s + c·w_ts)      p = a_dst·lin(target), q = a_src·lin(source), c = a_edge·lin_edge
    u_ts = exp(e_ts − m_t)                    m_t the greatest of e_ts, so that nothing overflows
    Z_t = Σ_s u_ts
    h'_t = Σ_s u_ts v_s / Z_t + b             sparse (targets, sources) × dense (sources, channels)

A block of targets at a time goes through all of it. Only m and Z are kept for the backward pass, which makes u again.

Backward, with α = u / Z, y = h' − b and g_t = ∂loss/∂h'_t:

    ∂loss/∂v_s = Σ_t α_ts g_t = Σ_t u_ts·(g_t / Z_t)                     the transpose × dense
    ∂loss/∂α_ts = g_t · v_s                                              the product sampled at the edges
    ∂loss/∂e_ts = α_ts (∂loss/∂α_ts − Σ_s' α_ts' ∂loss/∂α_ts')           softmax
                = u_ts·((g_t / Z_t) · v_s − (g_t / Z_t) · y_t)           as Σ_s' α_ts' g_t · v_s' = g_t · y_t

So Z enters by the rows of g alone. With d_ts = ∂loss/∂e_ts·LeakyReLU'(e_ts), whose sign is that of its argument:

    ∂loss/∂p_t = Σ_s d_ts,    ∂loss/∂q_s = Σ_t d_ts,    ∂loss/∂c = Σ_ts d_ts·w_ts
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu_

from stages.train.graph.blocks import Block, GradedGraph

SLOPE = 0.2
"""Of LeakyReLU below 0."""


class Attention(torch.autograd.Function):
    """y of all heads, (targets, heads · channels), from v (sources, heads · channels), p (heads, targets), q (heads,
    sources) and c (heads,); its backward stands above."""

    @staticmethod
    def forward(ctx: Any, v: Tensor, p: Tensor, q: Tensor, c: Tensor, graph: GradedGraph) -> Tensor:
        y, tops, totals = (
            v.new_empty(p.shape[1], v.shape[1]),
            torch.empty_like(p),
            torch.empty_like(p),
        )
        for head, (values, to) in enumerate(
            zip(v.chunk(len(c), 1), y.chunk(len(c), 1), strict=True)
        ):
            values = values.contiguous()
            for block in graph.by_target:
                u, rows = _scores(p[head], q[head], c[head], graph, block), graph.rows[block.edges]
                tops[head, block.rows] = torch.segment_reduce(u, "max", offsets=block.indptr)
                u.sub_(tops[head].index_select(0, rows)).exp_()
                # The greatest of a target's u is 1; so only the total of a target without edges is raised, from 0.
                total = totals[head, block.rows] = block.sums(u).clamp_min_(1)
                to[block.rows].addmm_(block.matrix(u), values, beta=0).div_(total[:, None])
        ctx.graph = graph
        ctx.save_for_backward(v, p, q, c, y, tops, totals)
        return y

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, None]:  # type: ignore[override]
        v, p, q, c, y, tops, totals = ctx.saved_tensors
        graph, u = ctx.graph, torch.empty_like(ctx.graph.weight)
        of_v, of_p, of_q, of_c = (
            torch.empty_like(v),
            torch.empty_like(p),
            torch.zeros_like(q),
            torch.zeros_like(c),
        )
        parts = zip(*(tensor.chunk(len(c), 1) for tensor in (v, y, grad, of_v)), strict=True)
        for head, (values, given, wanted, to) in enumerate(parts):
            values, g = values.contiguous(), wanted / totals[head, :, None]
            less = -(g * given).sum(1)
            # For all targets at once: each call copies the dense side.
            of_e = torch.sparse.sampled_addmm(
                graph.whole.matrix(less.index_select(0, graph.rows)), g, values.T
            ).values()
            for block in graph.by_target:
                rows, e = graph.rows[block.edges], _scores(p[head], q[head], c[head], graph, block)
                torch.sub(e, tops[head].index_select(0, rows), out=u[block.edges]).exp_()
                of_e[block.edges].mul_(u[block.edges])
                d = torch.ops.aten.leaky_relu_backward(of_e[block.edges], e, SLOPE, True)
                of_p[head, block.rows] = block.sums(d)
                of_q[head].index_add_(0, block.cols, d)
                of_c[head] += d @ graph.weight[block.edges]
            for block in graph.by_source:
                weights = u.index_select(0, graph.turn[block.edges])
                to[block.rows].addmm_(block.matrix(weights), g, beta=0)
        return of_v, of_p, of_q, of_c, None


def _scores(p: Tensor, q: Tensor, c: Tensor, graph: GradedGraph, block: Block) -> Tensor:
    """e of a block's edges, one head."""
    raw = p.index_select(0, graph.rows[block.edges]).add_(q.index_select(0, block.cols))
    return leaky_relu_(raw.addcmul_(graph.weight[block.edges], c), SLOPE)


class GAT(nn.Module):
    """PyG's GATConv(edge_dim=1, add_self_loops=False): the same parameters, names and, from a seed, first values.

    forward: targets (targets, inputs), sources (sources, inputs) → (targets, heads · channels).
    """

    def __init__(self, inputs: int, channels: int, heads: int) -> None:
        super().__init__()
        width = heads * channels
        self.lin = nn.utils.skip_init(nn.Linear, inputs, width, bias=False)
        self.lin_edge = nn.utils.skip_init(nn.Linear, 1, width, bias=False)
        self.att_src, self.att_dst, self.att_edge = (
            nn.Parameter(torch.empty(1, heads, channels)) for _ in range(3)
        )
        self.bias = nn.Parameter(torch.zeros(width))
        self._initialise()

    def forward(self, targets: Tensor, sources: Tensor, graph: GradedGraph) -> Tensor:
        of_sources = self.lin(sources)
        of_targets = of_sources if targets is sources else self.lin(targets)
        p, q = self._by_head(of_targets, self.att_dst), self._by_head(of_sources, self.att_src)
        c = self._by_head(self.lin_edge.weight.T, self.att_edge)[:, 0]
        return Attention.apply(of_sources, p, q, c, graph) + self.bias

    def _by_head(self, rows: Tensor, attention: Tensor) -> Tensor:
        return torch.einsum(
            "nhc,hc->hn", rows.unflatten(1, attention.shape[1:]), attention[0]
        ).contiguous()

    def _initialise(self) -> None:
        # PyG draws its maps when it makes them and again when the layer resets them; so a seed gives the same here.
        for linear in 2 * (self.lin, self.lin_edge):
            nn.init.xavier_uniform_(linear.weight)
        for attention in (self.att_src, self.att_dst, self.att_edge):
            nn.init.xavier_uniform_(attention.detach()[0])
