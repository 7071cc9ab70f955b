"""Our GAT layer against PyG's, and its gradients against differences."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch_geometric.nn import GATConv

from stages.train.attention import adjacency
from stages.train.gat import GAT, Attention
from stages.train.graded import GradedGraph, graded

NODES, INPUTS, CHANNELS = 7, 5, 4
BLOCK = 3
"""Edges, so that a graph falls into several blocks, and some target has more."""
Edges = tuple[np.ndarray, np.ndarray]


def edges_of(seed: int, share: float) -> Edges:
    """Targets and sources of random edges; node 1 has none of either sort."""
    present = np.random.default_rng(seed).random((NODES, NODES)) < share
    present[1], present[:, 1], present[0, 2] = False, False, True
    return np.nonzero(present)


def graph_of(edges: Edges, weight: Tensor, shape: tuple[int, int] = (NODES, NODES)) -> GradedGraph:
    graph, order = adjacency(*edges, shape)
    return graded(graph, weight[order], BLOCK)


def pygs(heads: int) -> GATConv:
    return GATConv(INPUTS, CHANNELS, heads=heads, edge_dim=1, add_self_loops=False)


def assert_equal_to_pyg(edges: Edges, heads: int) -> None:
    """In the output, and in the gradients of the nodes and of all parameters."""
    theirs, ours = pygs(heads), GAT(INPUTS, CHANNELS, heads)
    torch.nn.init.normal_(theirs.bias)
    ours.load_state_dict(theirs.state_dict())
    weight, nodes, wanted = torch.randn(len(edges[0])), torch.randn(NODES, INPUTS), torch.randn(NODES, heads * CHANNELS)
    x, y = nodes.clone().requires_grad_(), nodes.clone().requires_grad_()
    target, source = (torch.from_numpy(end) for end in edges)
    outputs = ours(x, x, graph_of(edges, weight)), theirs(y, torch.stack([source, target]), weight[:, None])
    torch.testing.assert_close(*outputs, atol=1e-5, rtol=1e-5)
    for output in outputs:
        (output * wanted).sum().backward()
    torch.testing.assert_close(x.grad, y.grad, atol=1e-5, rtol=1e-5)
    of_ours = dict(ours.named_parameters())
    for name, parameter in theirs.named_parameters():
        torch.testing.assert_close(of_ours[name].grad, parameter.grad, atol=1e-5, rtol=1e-5, msg=name)


@given(st.integers(0, 10_000), st.sampled_from([0.1, 0.5, 1.0]), st.sampled_from([1, 2, 4]))
@settings(max_examples=30, deadline=None)
def test_the_layer_equals_pygs_also_for_nodes_without_edges(seed: int, share: float, heads: int) -> None:
    torch.manual_seed(seed)
    assert_equal_to_pyg(edges_of(seed, share), heads)


def test_the_layer_equals_pygs_on_a_single_edge() -> None:
    torch.manual_seed(0)
    assert_equal_to_pyg((np.array([3]), np.array([5])), 2)


def test_without_edges_a_target_gets_the_bias() -> None:
    layer, none, nodes = GAT(INPUTS, CHANNELS, 2), np.array([], dtype=np.int64), torch.randn(NODES, INPUTS)
    torch.nn.init.normal_(layer.bias)
    found = layer(nodes, nodes, graph_of((none, none), torch.zeros(0)))
    torch.testing.assert_close(found, layer.bias.expand_as(found))


def test_targets_may_be_other_nodes_than_sources() -> None:
    torch.manual_seed(0)
    theirs, ours = pygs(2), GAT(INPUTS, CHANNELS, 2)
    ours.load_state_dict(theirs.state_dict())
    target, source, weight = torch.tensor([0, 2, 2]), torch.tensor([4, 0, 1]), torch.randn(3)
    targets, sources = torch.randn(3, INPUTS), torch.randn(5, INPUTS)
    graph = graph_of((target.numpy(), source.numpy()), weight, (3, 5))
    wanted = theirs((sources, targets), torch.stack([source, target]), weight[:, None])
    torch.testing.assert_close(ours(targets, sources, graph), wanted)


def test_scores_far_apart_neither_overflow_nor_vanish() -> None:
    torch.manual_seed(0)
    layer, edges, nodes = GAT(INPUTS, CHANNELS, 1), edges_of(0, 1.0), torch.randn(NODES, INPUTS)
    found = layer(nodes, nodes, graph_of(edges, 1e4 * torch.randn(len(edges[0]))))
    assert found.isfinite().all()
    assert found[0].abs().sum() > 0


def test_from_a_seed_the_layer_begins_as_pygs() -> None:
    torch.manual_seed(3)
    theirs = pygs(2).state_dict()
    torch.manual_seed(3)
    ours = GAT(INPUTS, CHANNELS, 2).state_dict()
    assert set(ours) == set(theirs)
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


class Largest(TorchDispatchMode):
    """Elements of the largest dense tensor that an operation gave."""

    elements = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        given = func(*args, **(kwargs or {}))
        dense = (
            leaf.numel() for leaf in tree_leaves(given) if isinstance(leaf, Tensor) and leaf.layout == torch.strided
        )
        self.elements = max(self.elements, *dense, 0)
        return given


def test_no_tensor_has_as_many_elements_as_edges_times_channels() -> None:
    edges, nodes, channels = np.nonzero(np.ones((40, 40))), torch.randn(40, INPUTS, requires_grad=True), 8
    weight, ends = torch.randn(len(edges[0])), torch.from_numpy(np.stack(edges[::-1]))
    with Largest() as ours:
        GAT(INPUTS, channels, 1)(nodes, nodes, graph_of(edges, weight, (40, 40))).sum().backward()
    with Largest() as theirs:
        GATConv(INPUTS, channels, edge_dim=1, add_self_loops=False)(nodes, ends, weight[:, None]).sum().backward()
    assert ours.elements <= len(weight)
    assert theirs.elements >= len(weight) * channels


@pytest.mark.parametrize("seed", range(3))
def test_gradients_of_the_attention(seed: int) -> None:
    torch.manual_seed(seed)
    edges, heads = edges_of(seed, 0.4), 2
    graph = graph_of(edges, torch.randn(len(edges[0]), dtype=torch.float64))
    shapes = (NODES, heads * CHANNELS), (heads, NODES), (heads, NODES), (heads,)
    inputs = tuple(torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in shapes)
    assert torch.autograd.gradcheck(lambda *inputs: Attention.apply(*inputs, graph), inputs)


def test_gradients_of_a_whole_layer() -> None:
    torch.manual_seed(0)
    edges, layer = edges_of(0, 0.4), GAT(INPUTS, CHANNELS, 2).double()
    graph = graph_of(edges, torch.randn(len(edges[0]), dtype=torch.float64))
    nodes = torch.randn(NODES, INPUTS, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: layer(x, x, graph), (nodes,))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_gives_what_the_processor_gives() -> None:
    torch.manual_seed(0)
    layer, edges, nodes = GAT(INPUTS, CHANNELS, 2), edges_of(0, 0.5), torch.randn(NODES, INPUTS)
    weight, found = torch.randn(len(edges[0])), []
    for device in ("cpu", "cuda"):
        x = nodes.to(device).requires_grad_()
        output = layer.to(device)(x, x, graph_of(edges, weight.to(device)))
        output.square().sum().backward()
        found.append((output.detach().cpu(), x.grad.cpu()))
    torch.testing.assert_close(*found, atol=1e-5, rtol=1e-5)
