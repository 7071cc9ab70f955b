"""The attention layers, each with its peer of PyG, and small graphs to compare them on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor, nn
from torch_geometric.nn import GATConv, GATv2Conv

from stages.train.graph.adjacency import adjacency
from stages.train.graph.blocks import BlockedGraph
from stages.train.graph.gat import GAT
from stages.train.graph.gatv2 import GATv2, TableGraph

NODES, INPUTS, CHANNELS = 7, 5, 4
BLOCK = 3
"""Edges, so that a graph falls into several blocks, and some target has more."""
Edges = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Layer:
    """One of ours, PyG's, and what makes the graph that ours takes."""

    ours: Callable[[int, int, int], nn.Module]
    theirs: Callable[..., nn.Module]
    graph: Callable[..., Any]

    def pygs(self, heads: int) -> nn.Module:
        return self.theirs(INPUTS, CHANNELS, heads=heads, edge_dim=1, add_self_loops=False)

    def graph_of(
        self, edges: Edges, weight: Tensor, shape: tuple[int, int] = (NODES, NODES)
    ) -> Any:
        graph, order = adjacency(*edges, shape)
        return self.graph(graph, weight[order])


GAT_LAYER = Layer(GAT, GATConv, lambda edges, weight: BlockedGraph.of(edges, weight, BLOCK))
GATV2_LAYER = Layer(GATv2, GATv2Conv, TableGraph.of)


def edges_of(seed: int, share: float) -> Edges:
    """Targets and sources of random edges; node 1 has none of either sort."""
    present = np.random.default_rng(seed).random((NODES, NODES)) < share
    present[1], present[:, 1], present[0, 2] = False, False, True
    targets, sources = np.nonzero(present)
    return targets, sources
