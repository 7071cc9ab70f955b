"""What the GAT layer does beside equalling PyG's: no edges, far scores, little memory, a GPU."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch_geometric.nn import GATConv

from stages.train.graph.gat import GAT, Attention
from tests.train.graph.layers import CHANNELS, GAT_LAYER, INPUTS, NODES, edges_of


def test_without_edges_a_target_gets_the_bias() -> None:
    layer, none, nodes = (
        GAT(INPUTS, CHANNELS, 2),
        np.array([], dtype=np.int64),
        torch.randn(NODES, INPUTS),
    )
    torch.nn.init.normal_(layer.bias)
    found = layer(nodes, nodes, GAT_LAYER.graph_of((none, none), torch.zeros(0)))
    torch.testing.assert_close(found, layer.bias.expand_as(found))


def test_scores_far_apart_neither_overflow_nor_vanish() -> None:
    torch.manual_seed(0)
    layer, edges, nodes = GAT(INPUTS, CHANNELS, 1), edges_of(0, 1.0), torch.randn(NODES, INPUTS)
    found = layer(nodes, nodes, GAT_LAYER.graph_of(edges, 1e4 * torch.randn(len(edges[0]))))
    assert found.isfinite().all()
    assert found[0].abs().sum() > 0


class Largest(TorchDispatchMode):
    """Elements of the largest dense tensor that an operation gave."""

    elements = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given = func(*args, **(kwargs or {}))
        dense = (
            leaf.numel()
            for leaf in tree_leaves(given)
            if isinstance(leaf, Tensor) and leaf.layout == torch.strided
        )
        self.elements = max(self.elements, *dense, 0)
        return given


def test_no_tensor_has_as_many_elements_as_edges_times_channels() -> None:
    (targets, sources), nodes, channels = (
        np.nonzero(np.ones((40, 40))),
        torch.randn(40, INPUTS, requires_grad=True),
        8,
    )
    weight, ends = torch.randn(len(targets)), torch.from_numpy(np.stack([sources, targets]))
    with Largest() as ours:
        GAT(INPUTS, channels, 1)(
            nodes, nodes, GAT_LAYER.graph_of((targets, sources), weight, (40, 40))
        ).sum().backward()
    with Largest() as theirs:
        GATConv(INPUTS, channels, edge_dim=1, add_self_loops=False)(
            nodes, ends, weight[:, None]
        ).sum().backward()
    assert ours.elements <= len(weight)
    assert theirs.elements >= len(weight) * channels


@pytest.mark.parametrize("seed", range(3))
def test_gradients_of_the_attention(seed: int) -> None:
    torch.manual_seed(seed)
    edges, heads = edges_of(seed, 0.4), 2
    graph = GAT_LAYER.graph_of(edges, torch.randn(len(edges[0]), dtype=torch.float64))
    shapes = (NODES, heads * CHANNELS), (heads, NODES), (heads, NODES), (heads,)
    inputs = tuple(torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in shapes)

    def outputs(*given: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        y, log_sum = Attention.apply(*given, graph)
        return y, log_sum[log_sum.isfinite()]

    assert torch.autograd.gradcheck(outputs, inputs)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_gives_what_the_processor_gives() -> None:
    torch.manual_seed(0)
    layer, edges, nodes = GAT(INPUTS, CHANNELS, 2), edges_of(0, 0.5), torch.randn(NODES, INPUTS)
    weight, found = torch.randn(len(edges[0])), []
    for device in ("cpu", "cuda"):
        x = nodes.to(device).requires_grad_()
        output = layer.to(device)(x, x, GAT_LAYER.graph_of(edges, weight.to(device)))
        output.square().sum().backward()
        assert x.grad is not None
        found.append((output.detach().cpu(), x.grad.cpu()))
    torch.testing.assert_close(*found, atol=1e-5, rtol=1e-5)
