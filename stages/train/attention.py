"""Graph attention over a bipartite graph as sparse algebra: per-edge scalars, never a tensor of edges × channels.

For a node t and its neighbours s, one head (Veličković et al., GAT, 2018; additive scores, so an edge's score is the
sum of two node scalars and an edge scalar):

    e_ts = LeakyReLU(a·h_t + b·h_s + c·w_ts) + log w_ts      w_ts the edge's confidence
    α_ts = exp(e_ts) / Σ_s' exp(e_ts')                        over the neighbours of t
    h'_t = Σ_s α_ts h_s                                       sparse (targets, sources) × dense (sources, channels)
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

warnings.filterwarnings("ignore", message="Sparse (CSR tensor support is in beta|invariant checks)")


@dataclass(frozen=True)
class Adjacency:
    """Edges of one direction in CSR order, and the same edges in the order of the other direction.

    rows, cols: (edges,) targets and sources, sorted by target. indptr: (targets + 1,). `turn` puts values of this order
    into the order of `reverse`.
    """

    rows: Tensor
    cols: Tensor
    indptr: Tensor
    shape: tuple[int, int]
    turn: Tensor
    reverse_indptr: Tensor
    reverse_cols: Tensor


def adjacency(target: np.ndarray, source: np.ndarray, shape: tuple[int, int]) -> tuple[Adjacency, np.ndarray]:
    """The graph of edges source → target, and the order in which it keeps the given edges."""
    order = np.lexsort((source, target))
    rows, cols = target[order], source[order]
    turn = np.lexsort((rows, cols))
    tensors = (rows, cols, _indptr(rows, shape[0]), turn, _indptr(cols, shape[1]), rows[turn])
    row, col, indptr, turned, reverse_indptr, reverse_cols = (
        torch.from_numpy(np.ascontiguousarray(t)) for t in tensors
    )
    return Adjacency(row, col, indptr, shape, turned, reverse_indptr, reverse_cols), order


def _indptr(rows: np.ndarray, n: int) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))])


class SparseDense(torch.autograd.Function):
    """A(values) @ dense, with gradients for both: ∂dense = Aᵀ @ g, ∂values_e = g[row_e] · dense[col_e]."""

    @staticmethod
    def forward(ctx: Any, values: Tensor, dense: Tensor, graph: Adjacency) -> Tensor:
        ctx.graph = graph
        ctx.save_for_backward(values, dense)
        return torch.sparse_csr_tensor(graph.indptr, graph.cols, values, graph.shape) @ dense

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, None]:  # type: ignore[override]
        values, dense = ctx.saved_tensors
        graph, grad = ctx.graph, grad.contiguous()
        transposed_shape = (graph.shape[1], graph.shape[0])
        transposed = torch.sparse_csr_tensor(
            graph.reverse_indptr, graph.reverse_cols, values[graph.turn], transposed_shape
        )
        empty = torch.sparse_csr_tensor(graph.indptr, graph.cols, torch.zeros_like(values), graph.shape)
        sampled = torch.sparse.sampled_addmm(empty, grad, dense.T.contiguous(), beta=0.0)
        return sampled.values(), transposed @ grad, None


def segment_softmax(scores: Tensor, graph: Adjacency) -> Tensor:
    """Softmax over the edges of each target; scores −inf give 0, and a target without a finite score gives zeros."""
    n = graph.shape[0]
    top = scores.new_full((n,), -torch.inf).scatter_reduce(0, graph.rows, scores.detach(), "amax")
    top = torch.where(torch.isfinite(top), top, 0.0)
    weights = torch.exp(scores - top[graph.rows])
    totals = scores.new_zeros(n).scatter_add(0, graph.rows, weights)
    return weights / totals.clamp_min(1e-12)[graph.rows]


class BipartiteAttention(nn.Module):
    """One direction of one layer: every target attends to its neighbours, without a feature transform.

    Heads split the channels. forward: targets (targets, channels), sources (sources, channels), confidence (edges,) in
    the graph's order, kept (edges,) bool → (targets, channels).
    """

    def __init__(self, channels: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.target = nn.Parameter(torch.zeros(heads, channels // heads))
        self.source = nn.Parameter(torch.zeros(heads, channels // heads))
        self.edge = nn.Parameter(torch.zeros(heads))

    def forward(self, targets: Tensor, sources: Tensor, graph: Adjacency, confidence: Tensor, kept: Tensor) -> Tensor:
        width = targets.shape[1] // self.heads
        prior = torch.where(kept, confidence.log(), -torch.inf)
        parts = []
        for head in range(self.heads):
            at = slice(head * width, (head + 1) * width)
            by_target, by_source = targets[:, at] @ self.target[head], sources[:, at] @ self.source[head]
            raw = by_target[graph.rows] + by_source[graph.cols] + self.edge[head] * confidence
            attention = segment_softmax(nn.functional.leaky_relu(raw, 0.2) + prior, graph)
            parts.append(SparseDense.apply(attention, sources[:, at].contiguous(), graph))
        return torch.cat(parts, dim=1)
