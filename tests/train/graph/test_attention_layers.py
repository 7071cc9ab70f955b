"""Every attention layer of ours against PyG's, and its gradients against differences."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from stages.train.graph import gatv2
from tests.train.graph.layers import (
    BLOCK,
    CHANNELS,
    GAT_LAYER,
    GATV2_LAYER,
    INPUTS,
    NODES,
    Edges,
    Layer,
    edges_of,
)

EVERY_LAYER = pytest.mark.parametrize("layer", [GAT_LAYER, GATV2_LAYER], ids=["gat", "gatv2"])


@pytest.fixture(autouse=True, scope="module")
def _chunks_of_three_edges() -> Iterator[None]:
    """So that a target's edges fall into several chunks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gatv2, "CHUNK_BYTES", BLOCK * CHANNELS * 4)
        yield


def assert_equal_to_pyg(layer: Layer, edges: Edges, heads: int) -> None:
    """In the output, and in the gradients of the nodes and of all parameters."""
    theirs, ours = layer.pygs(heads), layer.ours(INPUTS, CHANNELS, heads)
    torch.nn.init.normal_(theirs.get_parameter("bias"))
    ours.load_state_dict(theirs.state_dict())
    weight, nodes, wanted = (
        torch.randn(len(edges[0])),
        torch.randn(NODES, INPUTS),
        torch.randn(NODES, heads * CHANNELS),
    )
    x, y = nodes.clone().requires_grad_(), nodes.clone().requires_grad_()
    target, source = (torch.from_numpy(end) for end in edges)
    outputs = (
        ours(x, x, layer.graph_of(edges, weight)),
        theirs(y, torch.stack([source, target]), weight[:, None]),
    )
    torch.testing.assert_close(*outputs, atol=1e-5, rtol=1e-5)
    for output in outputs:
        (output * wanted).sum().backward()
    torch.testing.assert_close(x.grad, y.grad, atol=1e-5, rtol=1e-5)
    of_ours = dict(ours.named_parameters())
    for name, parameter in theirs.named_parameters():
        torch.testing.assert_close(
            of_ours[name].grad, parameter.grad, atol=1e-5, rtol=1e-5, msg=name
        )


@EVERY_LAYER
@given(st.integers(0, 10_000), st.sampled_from([0.1, 0.5, 1.0]), st.sampled_from([1, 2, 4]))
@settings(max_examples=30)
def test_the_layer_equals_pygs_also_for_nodes_without_edges(
    layer: Layer, seed: int, share: float, heads: int
) -> None:
    torch.manual_seed(seed)
    assert_equal_to_pyg(layer, edges_of(seed, share), heads)


@EVERY_LAYER
def test_the_layer_equals_pygs_on_a_single_edge(layer: Layer) -> None:
    torch.manual_seed(0)
    assert_equal_to_pyg(layer, (np.array([3]), np.array([5])), 2)


@EVERY_LAYER
def test_targets_may_be_other_nodes_than_sources(layer: Layer) -> None:
    torch.manual_seed(0)
    theirs, ours = layer.pygs(2), layer.ours(INPUTS, CHANNELS, 2)
    ours.load_state_dict(theirs.state_dict())
    target, source, weight = torch.tensor([0, 2, 2]), torch.tensor([4, 0, 1]), torch.randn(3)
    targets, sources = torch.randn(3, INPUTS), torch.randn(5, INPUTS)
    graph = layer.graph_of((target.numpy(), source.numpy()), weight, (3, 5))
    wanted = theirs((sources, targets), torch.stack([source, target]), weight[:, None])
    torch.testing.assert_close(ours(targets, sources, graph), wanted)


@EVERY_LAYER
def test_from_a_seed_the_layer_begins_as_pygs(layer: Layer) -> None:
    torch.manual_seed(3)
    theirs = layer.pygs(2).state_dict()
    torch.manual_seed(3)
    ours = layer.ours(INPUTS, CHANNELS, 2).state_dict()
    assert set(ours) == set(theirs)
    assert all(torch.equal(ours[name], theirs[name]) for name in theirs)


@EVERY_LAYER
def test_gradients_of_a_whole_layer(layer: Layer) -> None:
    torch.manual_seed(0)
    edges, ours = edges_of(0, 0.4), layer.ours(INPUTS, CHANNELS, 2).double()
    graph = layer.graph_of(edges, torch.randn(len(edges[0]), dtype=torch.float64))
    nodes = torch.randn(NODES, INPUTS, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: ours(x, x, graph), (nodes,))
