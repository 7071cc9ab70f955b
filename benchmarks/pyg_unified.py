"""`unified` on PyTorch Geometric: stages/train/models/paper/model.py with PyG's layers."""

from functools import lru_cache
from unittest.mock import patch

import torch
from torch import Tensor
from torch_geometric.nn import GATv2Conv

from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Watch
from stages.train.graph.gatv2 import TableGraph
from stages.train.models.paper import model as paper
from stages.train.models.paper.unified import Unified


class Layer(GATv2Conv):  # type: ignore[misc]  # PyG's classes have no types
    """PyG's layer, called as ours is."""

    def __init__(self, inputs: int, channels: int, heads: int) -> None:
        super().__init__(inputs, channels, heads, edge_dim=1, add_self_loops=False)

    def forward(self, targets: Tensor, sources: Tensor, graph: TableGraph) -> Tensor:
        return super().forward((sources, targets), edge_index(graph), graph.scalars[:, None])


class PygUnified(Unified):
    """The paper's model as it is in all but its layers, which are PyG's."""

    def fit(self, data: TrainingData, watch: Watch) -> None:
        # The network makes its layers by this name; all else stays the same code.
        with patch.object(paper, "GATv2", Layer):
            super().fit(data, watch)


@lru_cache(1)
def edge_index(graph: TableGraph) -> Tensor:
    """Sources and targets, (2, edges), made once for all layers and epochs."""
    return torch.stack([graph.edges.cols, graph.edges.rows]).long()
