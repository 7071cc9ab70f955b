"""Messages over a normalised graph: their weights, and the gradient."""

import numpy as np
import pytest
import torch
from torch_geometric.nn import LGConv

from stages.train.fitting.data import TrainingData
from stages.train.graph.propagation import Propagate
from stages.train.models.pairwise.training import liked_graph

GIVEN = TrainingData(
    np.array([0, 0, 1, 1]), np.array([0, 1, 0, 2]), np.array([5.0, 4.0, 4.5, 3.0]), 2, 3
)


def test_weights_are_one_over_the_root_of_both_degrees_and_only_likes_are_edges() -> None:
    """User 0 likes items 0 and 1, user 1 likes item 0; nodes are u0 u1 i0 i1 i2."""
    dense = liked_graph(GIVEN).to_dense()
    half, root = 0.5, 1 / 2**0.5
    upper = torch.zeros(5, 5)
    upper[0, 2], upper[0, 3], upper[1, 2] = half, root, root
    assert torch.allclose(dense, upper + upper.T)


def test_a_round_of_messages_is_pygs_convolution() -> None:
    x, likes = torch.randn(5, 3), torch.tensor([[0, 0, 1, 2, 3, 2], [2, 3, 2, 0, 0, 1]])
    assert torch.allclose(Propagate.apply(x, liked_graph(GIVEN)), LGConv()(x, likes), atol=1e-6)


@pytest.mark.parametrize("seed", range(2))
def test_gradient(seed: int) -> None:
    torch.manual_seed(seed)
    graph = liked_graph(GIVEN).double()
    x = torch.randn(5, 2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda one: Propagate.apply(one, graph), (x,))
