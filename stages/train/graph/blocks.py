"""A graph whose edges carry a scalar, cut into blocks whose edges' scalars stay in the processor's cache."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from stages.train.graph.adjacency import Adjacency

BLOCK = 1 << 18
"""About the edges of a block, more where a row has more; a call for each block must cost little beside its work."""


@dataclass(frozen=True)
class Block:
    """A run of a graph's rows, and where their edges stand. indptr: (rows + 1,) from 0. cols: (edges of the block,)."""

    rows: slice
    edges: slice
    indptr: Tensor
    cols: Tensor
    width: int

    def matrix(self, values: Tensor) -> Tensor:
        """The sparse (rows, width) with a value for each edge."""
        return torch.sparse_csr_tensor(
            self.indptr, self.cols, values, (len(self.indptr) - 1, self.width)
        )

    def sums(self, values: Tensor) -> Tensor:
        """Of the values of each row's edges, (rows,)."""
        return torch.segment_reduce(values, "sum", offsets=self.indptr)


@dataclass(frozen=True)
class GradedGraph:
    """A graph and the scalar of each edge: whole, in blocks of targets, and in blocks of sources for the way back.

    rows, weight: (edges,) by target. turn: (edges,) where the edges in order of their sources stand among them.
    """

    rows: Tensor
    weight: Tensor
    turn: Tensor
    whole: Block
    by_target: list[Block]
    by_source: list[Block]


def graded(edges: Adjacency, weight: Tensor, block: int = BLOCK) -> GradedGraph:
    """`edges` with the weights (edges,), given in their order; their precision and device are the ones to compute in."""
    # Indices of 32 bits are what MKL's sparse products take without a copy.
    index = torch.int32 if len(weight) < 1 << 31 else torch.int64
    rows, cols, indptr, turn, reverse_indptr, reverse_cols = (
        tensor.to(weight.device, index)
        for tensor in (
            edges.rows,
            edges.cols,
            edges.indptr,
            edges.turn,
            edges.reverse_indptr,
            edges.reverse_cols,
        )
    )
    targets, sources = edges.shape
    whole = Block(slice(0, targets), slice(0, len(rows)), indptr, cols, sources)
    reverse = Block(slice(0, sources), slice(0, len(rows)), reverse_indptr, reverse_cols, targets)
    return GradedGraph(
        rows, weight, turn, whole, list(_parts(whole, block)), list(_parts(reverse, block))
    )


def _parts(whole: Block, block: int) -> Iterator[Block]:
    counts = torch.unique_consecutive(whole.indptr[:-1] // block, return_counts=True)[1]
    ends = counts.cumsum(0).tolist()
    for first, last in zip([0, *ends], ends, strict=False):
        indptr = whole.indptr[first : last + 1]
        at = slice(*indptr[[0, -1]].tolist())
        yield Block(slice(first, last), at, indptr - at.start, whole.cols[at], whole.width)
