"""The scores of GATv2 in chunks."""

import pytest
import torch

from stages.train.graph import gatv2
from stages.train.graph.gatv2 import PairScores
from tests.train.graph.layers import BLOCK, CHANNELS, GATV2_LAYER, NODES, edges_of


@pytest.mark.parametrize("seed", range(3))
def test_gradients_of_the_scores(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gatv2, "CHUNK_BYTES", BLOCK * CHANNELS * 8)
    torch.manual_seed(seed)
    edges = edges_of(seed, 0.4)
    graph = GATV2_LAYER.graph_of(edges, torch.randn(len(edges[0]), dtype=torch.float64))
    table = torch.randn(2 * NODES + 1, CHANNELS, dtype=torch.float64, requires_grad=True)
    a = torch.randn(CHANNELS, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda table, a: PairScores.apply(table, a, graph), (table, a))
