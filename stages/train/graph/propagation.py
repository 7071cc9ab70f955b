"""Messages along a normalised graph: Â = D^(−½) A D^(−½), A symmetric and D its degrees."""

import warnings
from typing import Any

import numpy as np
import scipy.sparse as sp
import torch
from torch import Tensor

warnings.filterwarnings("ignore", message="Sparse (CSR tensor support is in beta|invariant checks)")


def normalised_graph(links: sp.csr_matrix, device: str = "cpu") -> Tensor:
    """Â of the bipartite graph with these links, as a sparse CSR tensor (nodes, nodes).

    links: (left, right), non-zero where two nodes are linked; the left nodes come first. A node
    without a link sends and receives nothing.
    """
    # A = [[0, links], [linksᵀ, 0]]
    graph = sp.block_array([[None, links], [links.T, None]], format="csr")
    scale = sp.diags_array(1 / np.sqrt(np.maximum(graph.sum(axis=1), 1)))  # D^(−½)
    scaled = (scale @ graph @ scale).tocsr().astype(np.float32)
    scaled.sort_indices()
    indptr, indices = (part.astype(np.int64) for part in (scaled.indptr, scaled.indices))
    crow, col, values = (
        torch.as_tensor(part, device=device) for part in (indptr, indices, scaled.data)
    )
    return torch.sparse_csr_tensor(crow, col, values, scaled.shape)


class Propagate(torch.autograd.Function):
    """Â @ x for x (nodes, channels); Â is symmetric, so the gradient is Â @ g."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, graph: Tensor) -> Tensor:
        ctx.graph = graph
        return graph @ x

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None]:  # type: ignore[override]
        return ctx.graph @ grad.contiguous(), None
