"""A bipartite graph in CSR order both ways, and sparse algebra with one scalar per edge.

No tensor of edges × channels is ever made.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp
import torch
from torch import Tensor

warnings.filterwarnings("ignore", message="Sparse (CSR tensor support is in beta|invariant checks)")


@dataclass(frozen=True)
class Adjacency:
    """Edges of one direction in CSR order, and the same edges in the order of the other direction.

    rows, cols: (edges,) targets and sources, sorted by target. indptr: (targets + 1,). `turn`,
    (edges,), puts values of this order into the order of `reverse_cols`, which is by source.
    """

    rows: Tensor
    cols: Tensor
    indptr: Tensor
    shape: tuple[int, int]
    turn: Tensor
    reverse_indptr: Tensor
    reverse_cols: Tensor

    def transposed(self) -> "Adjacency":
        """The same edges in the other direction."""
        back = torch.empty_like(self.turn)
        back[self.turn] = torch.arange(len(back), device=back.device)
        rows, shape = self.cols[self.turn], (self.shape[1], self.shape[0])
        return Adjacency(
            rows, self.reverse_cols, self.reverse_indptr, shape, back, self.indptr, self.cols
        )

    def subset(self, kept: Tensor) -> "Adjacency":
        """The graph of the edges that are kept; kept: (edges,) bool."""
        kept_by_source = kept[self.turn]
        # How many edges are kept before each place, in either order: (edges + 1,)
        before = torch.cat([kept.new_zeros(1, dtype=torch.long), kept.cumsum(0)])
        before_by_source = torch.cat([before[:1], kept_by_source.cumsum(0)])
        return Adjacency(
            rows=self.rows[kept],
            cols=self.cols[kept],
            indptr=before[self.indptr],
            shape=self.shape,
            turn=before[self.turn[kept_by_source]],
            reverse_indptr=before_by_source[self.reverse_indptr],
            reverse_cols=self.reverse_cols[kept_by_source],
        )


def adjacency(
    target: np.ndarray, source: np.ndarray, shape: tuple[int, int], device: str = "cpu"
) -> tuple[Adjacency, np.ndarray]:
    """The graph of edges source → target, and the order (edges,) in which it keeps them."""
    # What lies in order need not be sorted, which takes most of the time.
    lie = _in_order(target, source)
    order = np.arange(len(target)) if lie else np.lexsort((source, target))
    rows, cols = target[order], source[order]
    indptr = _indptr(rows, shape[0])
    # Counting, not sorting, puts the edges into the order of their sources.
    index = np.int32 if len(rows) < np.iinfo(np.int32).max else np.int64
    places = np.arange(len(rows), dtype=index)
    by_source = sp.csr_matrix((places, cols.astype(index), indptr.astype(index)), shape).tocsc()
    row, col, pointers, turn, reverse_indptr, reverse_cols = (
        torch.as_tensor(np.require(array, requirements=["C", "W"]), device=device)
        for array in (
            rows,
            cols,
            indptr,
            by_source.data.astype(np.int64),
            by_source.indptr.astype(np.int64),
            by_source.indices.astype(rows.dtype),
        )
    )
    return Adjacency(row, col, pointers, shape, turn, reverse_indptr, reverse_cols), order


def _in_order(target: np.ndarray, source: np.ndarray) -> bool:
    """Whether the edges lie in order of target and source."""
    later = target[1:] > target[:-1]
    return bool((later | ((target[1:] == target[:-1]) & (source[1:] >= source[:-1]))).all())


def _indptr(rows: np.ndarray, n: int) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))])


class SparseDense(torch.autograd.Function):
    """A(values) @ dense, with gradients for both.

    ∂loss/∂dense = Aᵀ @ g and ∂loss/∂values_e = g[row_e] · dense[col_e], where g = ∂loss/∂output.
    values: (edges,), dense: (sources, channels) → (targets, channels).
    """

    @staticmethod
    def forward(ctx: Any, values: Tensor, dense: Tensor, graph: Adjacency) -> Tensor:
        ctx.graph = graph
        ctx.save_for_backward(values, dense)
        product = torch.sparse_csr_tensor(graph.indptr, graph.cols, values, graph.shape) @ dense
        assert product.shape == (graph.shape[0], dense.shape[1])
        return product

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, None]:  # type: ignore[override]
        values, dense = ctx.saved_tensors
        graph, grad = ctx.graph, grad.contiguous()
        transposed = torch.sparse_csr_tensor(
            graph.reverse_indptr, graph.reverse_cols, values[graph.turn], graph.shape[::-1]
        )
        empty = torch.sparse_csr_tensor(
            graph.indptr, graph.cols, torch.zeros_like(values), graph.shape
        )
        sampled = torch.sparse.sampled_addmm(empty, grad, dense.T.contiguous(), beta=0.0)
        return sampled.values(), transposed @ grad, None


def segment_softmax(scores: Tensor, graph: Adjacency) -> Tensor:
    """Softmax over the edges of each target, (edges,).

    Scores of −inf give 0, and a target without a finite score gives zeros.
    """
    n = graph.shape[0]
    # The highest score of each target, so that nothing overflows: (targets,)
    top = scores.new_full((n,), -torch.inf).scatter_reduce(0, graph.rows, scores.detach(), "amax")
    top = torch.where(torch.isfinite(top), top, 0.0)
    weights = torch.exp(scores - top[graph.rows])  # (edges,)
    totals = scores.new_zeros(n).scatter_add(0, graph.rows, weights)  # (targets,)
    return weights / totals.clamp_min(1e-12)[graph.rows]
