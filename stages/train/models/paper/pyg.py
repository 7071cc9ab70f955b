"""GATv2 by torch-geometric, the field's standard, to check stages/train/graph/gatv2.py against."""

import torch
from torch import Tensor
from torch_geometric.nn import GATv2Conv

from stages.train.graph.gatv2 import TableGraph


class PygGATv2(GATv2Conv):  # type: ignore[misc]
    """The interface and the parameters of GATv2, so that either restores the other's weights."""

    def __init__(self, inputs: int, channels: int, heads: int, dropout: float = 0.0) -> None:
        super().__init__(
            inputs, channels, heads=heads, dropout=dropout, edge_dim=1, add_self_loops=False
        )

    def forward(self, targets: Tensor, sources: Tensor, graph: TableGraph) -> Tensor:
        edges = torch.stack([graph.edges.cols, graph.edges.rows]).long()
        read: Tensor = super().forward((sources, targets), edges, graph.scalars[:, None])
        return read
