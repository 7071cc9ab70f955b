"""A graph with a scalar per edge, cut into blocks whose scalars stay in the processor's cache."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from stages.train.graph.adjacency import Adjacency

BLOCK_EDGES = 1 << 18
"""About how many edges a block has: more if one row has more. This makes calls cheap."""
GPU_BLOCK_EDGES = 1 << 26
"""The same on a GPU, which has no such cache and where each call costs more."""


@dataclass(frozen=True)
class Block:
    """A run of a graph's rows, and where their edges are.

    indptr: (rows of the block + 1,), from 0. cols: (edges of the block,). width: columns.
    """

    rows: slice
    edges: slice
    indptr: Tensor
    cols: Tensor
    width: int

    def matrix(self, values: Tensor) -> Tensor:
        """The sparse matrix (rows, width) with a value per edge."""
        return torch.sparse_csr_tensor(
            self.indptr, self.cols, values, (len(self.indptr) - 1, self.width)
        )

    def row_sums(self, values: Tensor) -> Tensor:
        """Sums of the values (edges,) over each row's edges, (rows,)."""
        return torch.segment_reduce(values, "sum", offsets=self.indptr)

    def cut(self, edges: int) -> Iterator["Block"]:
        """This block cut into smaller ones of about this many edges each."""
        counts = torch.unique_consecutive(self.indptr[:-1] // edges, return_counts=True)[1]
        ends = counts.cumsum(0).tolist()
        for first, last in zip([0, *ends], ends, strict=False):
            indptr = self.indptr[first : last + 1]
            at = slice(int(indptr[0]), int(indptr[-1]))
            yield Block(slice(first, last), at, indptr - at.start, self.cols[at], self.width)


@dataclass(frozen=True)
class BlockedGraph:
    """A graph and a scalar per edge: whole, in blocks of targets, and in blocks of sources.

    rows, scalars: (edges,) by target. turn: (edges,), where the edges in order of their sources are
    among them; the backward pass goes through the blocks of sources.
    """

    rows: Tensor
    scalars: Tensor
    turn: Tensor
    whole: Block
    by_target: list[Block]
    by_source: list[Block]

    @classmethod
    def of(cls, edges: Adjacency, scalars: Tensor, block: int | None = None) -> "BlockedGraph":
        """`edges` with scalars (edges,) in their order, whose precision and device are used.

        block: edges per block, if not as the device suggests.
        """
        if block is None:
            block = BLOCK_EDGES if scalars.device.type == "cpu" else GPU_BLOCK_EDGES
        # Indices of 32 bits are what MKL's sparse products take without a copy.
        index = torch.int32 if len(scalars) < 1 << 31 else torch.int64
        rows, cols, indptr, turn, reverse_indptr, reverse_cols = (
            tensor.to(scalars.device, index)
            for tensor in (
                edges.rows,
                edges.cols,
                edges.indptr,
                edges.turn,
                edges.reverse_indptr,
                edges.reverse_cols,
            )
        )
        (targets, sources), every = edges.shape, slice(0, len(rows))
        whole = Block(slice(0, targets), every, indptr, cols, sources)
        reverse = Block(slice(0, sources), every, reverse_indptr, reverse_cols, targets)
        return cls(rows, scalars, turn, whole, list(whole.cut(block)), list(reverse.cut(block)))
