"""GAT attention (Veličković et al., 2018) over edges in CSR order: one scalar per edge and head.

For a target t, a neighbour s and the scalar w_ts of their edge, one head, with v = lin(source):

    e_ts = LeakyReLU(p_t + q_s + c·w_ts)     p = a_dst·lin(target), q = a_src·lin(source)
    u_ts = exp(e_ts − m_t)                   m_t the greatest of e_ts, so that nothing overflows
    Z_t = Σ_s u_ts                           c = a_edge·lin_edge
    h'_t = Σ_s u_ts v_s / Z_t + b            sparse (targets, sources) × dense (sources, channels)

All of it is done for one block of targets at a time. Only m and Z are kept for the backward pass,
which computes u again.

Backward, with α = u / Z, y = h' − b and g_t = ∂loss/∂h'_t:

    ∂loss/∂v_s = Σ_t α_ts g_t = Σ_t u_ts·(g_t / Z_t)               the transpose × dense
    ∂loss/∂α_ts = g_t · v_s                                        the product at the edges
    ∂loss/∂e_ts = α_ts (∂loss/∂α_ts − Σ_s' α_ts' ∂loss/∂α_ts')     softmax
                = u_ts·((g_t / Z_t) · v_s − (g_t / Z_t) · y_t)     as Σ_s' α_ts' v_s' = y_t

So Z enters by the rows of g alone. The logarithm of Σ_s exp(e_ts) is an output too, so that sums
over several parts of the edges can be put together; with l_t = ∂loss/∂log Σ_s exp(e_ts), whose
derivative by e_ts is α_ts, u_ts·(…) has l_t / Z_t in its brackets. With d_ts =
∂loss/∂e_ts·LeakyReLU'(e_ts), whose sign is that of its argument:

    ∂loss/∂p_t = Σ_s d_ts,    ∂loss/∂q_s = Σ_t d_ts,    ∂loss/∂c = Σ_ts d_ts·w_ts
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu_

from stages.train.graph.blocks import Block, BlockedGraph

_SLOPE = 0.2
"""Slope of LeakyReLU below 0."""


class Attention(torch.autograd.Function):
    """Weighted sums y, (targets, heads · channels), and log Σ_s exp(e_ts), (heads, targets).

    The logarithm is −∞ for a target without edges. The backward pass is above.
    v: (sources, heads · channels), p: (heads, targets), q: (heads, sources), c: (heads,).
    """

    @staticmethod
    def forward(
        ctx: Any, v: Tensor, p: Tensor, q: Tensor, c: Tensor, graph: BlockedGraph
    ) -> tuple[Tensor, Tensor]:
        heads, targets = p.shape
        y = v.new_empty(targets, v.shape[1])  # (targets, heads · channels)
        m, z = torch.empty_like(p), torch.empty_like(p)  # (heads, targets)
        for head, (v_head, y_head) in enumerate(
            zip(v.chunk(heads, 1), y.chunk(heads, 1), strict=True)
        ):
            v_head = v_head.contiguous()  # (sources, channels)
            for block in graph.by_target:
                target_of = graph.rows[block.edges]
                # e_ts = LeakyReLU(p_t + q_s + c·w_ts), then u_ts = exp(e_ts − m_t): (edges,)
                u = _scores(p[head], q[head], c[head], graph, block)
                m[head, block.rows] = torch.segment_reduce(u, "max", offsets=block.indptr)
                u.sub_(m[head].index_select(0, target_of)).exp_()
                # Z_t = Σ_s u_ts: (targets of the block,). The greatest of a target's u is 1, so
                # only the total of a target without edges is raised, from 0.
                total = z[head, block.rows] = block.row_sums(u).clamp_min_(1)
                # y_t = Σ_s u_ts v_s / Z_t: (targets of the block, channels)
                y_head[block.rows].addmm_(block.matrix(u), v_head, beta=0).div_(total[:, None])
        ctx.graph = graph
        ctx.save_for_backward(v, p, q, c, y, m, z)
        ctx.set_materialize_grads(False)
        return y, m + z.log()

    @staticmethod
    def backward(  # type: ignore[override]
        ctx: Any, grad: Tensor | None, grad_log: Tensor | None
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, None]:
        v, p, q, c, y, m, z = ctx.saved_tensors
        heads, graph = len(c), ctx.graph
        grad = torch.zeros_like(y) if grad is None else grad
        assert grad.shape == y.shape
        u = torch.empty_like(graph.scalars)  # (edges,)
        grad_v, grad_p = torch.empty_like(v), torch.empty_like(p)
        grad_q, grad_c = torch.zeros_like(q), torch.zeros_like(c)
        parts = zip(*(tensor.chunk(heads, 1) for tensor in (v, y, grad, grad_v)), strict=True)
        for head, (v_head, y_head, grad_head, grad_v_head) in enumerate(parts):
            v_head, g = v_head.contiguous(), grad_head / z[head, :, None]  # g_t / Z_t
            # (g_t / Z_t) · v_s − (g_t / Z_t) · y_t: (edges,), for all targets at once, as each call
            # copies the dense side.
            minus_gy = -(g * y_head).sum(1)  # (targets,)
            if grad_log is not None:
                minus_gy += grad_log[head] / z[head]
            grad_e = torch.sparse.sampled_addmm(
                graph.whole.matrix(minus_gy.index_select(0, graph.rows)), g, v_head.T
            ).values()
            for block in graph.by_target:
                # u_ts again, and ∂loss/∂e_ts = u_ts·(…)
                target_of = graph.rows[block.edges]
                e = _scores(p[head], q[head], c[head], graph, block)
                torch.sub(e, m[head].index_select(0, target_of), out=u[block.edges]).exp_()
                grad_e[block.edges].mul_(u[block.edges])
                # d_ts = ∂loss/∂e_ts·LeakyReLU'(e_ts), summed for p_t, q_s and c
                d = torch.ops.aten.leaky_relu_backward(grad_e[block.edges], e, _SLOPE, True)
                grad_p[head, block.rows] = block.row_sums(d)
                grad_q[head].index_add_(0, block.cols, d)
                grad_c[head] += d @ graph.scalars[block.edges]
            for block in graph.by_source:
                # ∂loss/∂v_s = Σ_t u_ts·(g_t / Z_t): (sources of the block, channels)
                u_by_source = u.index_select(0, graph.turn[block.edges])
                grad_v_head[block.rows].addmm_(block.matrix(u_by_source), g, beta=0)
        return grad_v, grad_p, grad_q, grad_c, None


def _scores(p: Tensor, q: Tensor, c: Tensor, graph: BlockedGraph, block: Block) -> Tensor:
    """Scores e of a block's edges for one head, (edges of the block,)."""
    raw = p.index_select(0, graph.rows[block.edges]).add_(q.index_select(0, block.cols))
    return leaky_relu_(raw.addcmul_(graph.scalars[block.edges], c), _SLOPE)


class GAT(nn.Module):
    """PyG's GATConv(edge_dim=1, add_self_loops=False): same parameters, names and first values.

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
        # PyG draws its maps when it creates them, and again when the layer resets them.
        for linear in 2 * (self.lin, self.lin_edge):
            nn.init.xavier_uniform_(linear.weight)
        for attention in (self.att_src, self.att_dst, self.att_edge):
            nn.init.xavier_uniform_(attention.detach()[0])

    def forward(self, targets: Tensor, sources: Tensor, graph: BlockedGraph) -> Tensor:
        v = self.lin(sources)  # (sources, heads · channels)
        of_targets = v if targets is sources else self.lin(targets)
        p, q = self._by_head(of_targets, self.att_dst), self._by_head(v, self.att_src)
        c = self._by_head(self.lin_edge.weight.T, self.att_edge)[:, 0]  # (heads,)
        return Attention.apply(v, p, q, c, graph)[0] + self.bias

    def _by_head(self, rows: Tensor, attention: Tensor) -> Tensor:
        """Products of rows (n, heads · channels) with each head's vector, (heads, n)."""
        return torch.einsum(
            "nhc,hc->hn", rows.unflatten(1, attention.shape[1:]), attention[0]
        ).contiguous()
