"""A bipartite graph in CSR order both ways, and sparse algebra over it: scalars of edges, never edges × channels."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

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

    def turned(self) -> "Adjacency":
        """The same edges the other way."""
        back = torch.empty_like(self.turn)
        back[self.turn] = torch.arange(len(back))
        rows, shape = self.cols[self.turn], (self.shape[1], self.shape[0])
        return Adjacency(
            rows, self.reverse_cols, self.reverse_indptr, shape, back, self.indptr, self.cols
        )

    def subset(self, kept: Tensor) -> "Adjacency":
        """The edges (edges,) bool that are kept."""
        after, turned = (
            torch.cat([kept.new_zeros(1, dtype=torch.long), kept.cumsum(0)]),
            kept[self.turn],
        )
        after_turned = torch.cat([after[:1], turned.cumsum(0)])
        turn, reverse_cols = after[self.turn[turned]], self.reverse_cols[turned]
        ends = after[self.indptr], after_turned[self.reverse_indptr]
        return Adjacency(
            self.rows[kept], self.cols[kept], ends[0], self.shape, turn, ends[1], reverse_cols
        )


def adjacency(
    target: np.ndarray, source: np.ndarray, shape: tuple[int, int]
) -> tuple[Adjacency, np.ndarray]:
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
        empty = torch.sparse_csr_tensor(
            graph.indptr, graph.cols, torch.zeros_like(values), graph.shape
        )
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
