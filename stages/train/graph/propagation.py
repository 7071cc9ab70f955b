"""Messages over the graph of liked ratings, as LightGCN and its relatives pass them.

Â = D^(−½) A D^(−½), A the symmetric graph over users and items with an edge for each rating ≥ 4, D its degrees
(He et al., LightGCN, SIGIR 2020, eq. 8). Nodes are users first, then items.
"""

import warnings
from typing import Any

import numpy as np
import scipy.sparse as sp
import torch
from torch import Tensor

from stages.contracts.rows import POSITIVE
from stages.train.fitting.data import TrainingData

warnings.filterwarnings("ignore", message="Sparse (CSR tensor support is in beta|invariant checks)")


def liked_graph(data: TrainingData) -> Tensor:
    """Â as a sparse CSR tensor (users + items, users + items); a node without a like has no message."""
    likes = data.matrix((data.rating >= POSITIVE).astype(np.float32))
    likes.eliminate_zeros()
    graph = sp.block_array([[None, likes], [likes.T, None]], format="csr")
    scale = sp.diags_array(1 / np.sqrt(np.maximum(graph.sum(axis=1), 1)))
    weighted = (scale @ graph @ scale).tocsr().astype(np.float32)
    weighted.sort_indices()
    indptr, indices = (
        torch.from_numpy(part.astype(np.int64)) for part in (weighted.indptr, weighted.indices)
    )
    return torch.sparse_csr_tensor(indptr, indices, torch.from_numpy(weighted.data), weighted.shape)


class Propagate(torch.autograd.Function):
    """Â @ x for x (nodes, channels); Â is symmetric, so the gradient is Â @ g."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, graph: Tensor) -> Tensor:
        ctx.graph = graph
        return graph @ x

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        return ctx.graph @ grad.contiguous(), None
