"""Sparse attention against a dense one, and its gradients against differences."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from stages.train.attention import Adjacency, BipartiteAttention, SparseDense, adjacency, segment_softmax

TARGETS, SOURCES, CHANNELS = 4, 5, 6


def graph_of(seed: int, share: float = 0.5) -> Adjacency:
    """Random edges; target 1 has none."""
    present = np.random.default_rng(seed).random((TARGETS, SOURCES)) < share
    present[1] = False
    present[0, 0] = True
    target, source = np.nonzero(present)
    return adjacency(target, source, (TARGETS, SOURCES))[0]


def double(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64, requires_grad=True)


def dense_attention(
    layer: BipartiteAttention, targets: Tensor, sources: Tensor, graph: Adjacency, confidence: Tensor, kept: Tensor
) -> Tensor:
    """The formula of the module, over full matrices."""
    weight = torch.zeros(graph.shape).index_put((graph.rows, graph.cols), torch.where(kept, confidence, 0.0))
    width, parts = CHANNELS // layer.heads, []
    for head in range(layer.heads):
        at = slice(head * width, (head + 1) * width)
        to, of = targets[:, at] @ layer.target[head], sources[:, at] @ layer.source[head]
        raw = to[:, None] + of[None, :] + layer.edge[head] * weight
        attention = torch.softmax(torch.nn.functional.leaky_relu(raw, 0.2) + weight.log(), dim=1)
        parts.append(torch.nan_to_num(attention) @ sources[:, at])
    return torch.cat(parts, dim=1)


@given(st.integers(0, 10_000), st.sampled_from([0.1, 0.5, 1.0]), st.sampled_from([1, 2, 3]))
@settings(max_examples=30, deadline=None)
def test_attention_equals_the_dense_computation_also_for_targets_without_neighbours(
    seed: int, share: float, heads: int
) -> None:
    torch.manual_seed(seed)
    graph, layer = graph_of(seed, share), BipartiteAttention(CHANNELS, heads)
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter)
    targets, sources = torch.randn(TARGETS, CHANNELS), torch.randn(SOURCES, CHANNELS)
    confidence, kept = torch.rand(len(graph.rows)) + 0.1, torch.rand(len(graph.rows)) < 0.7
    arguments = (targets, sources, graph, confidence, kept)
    found = layer(*arguments)
    assert torch.allclose(found, dense_attention(layer, *arguments), atol=1e-5)
    assert not found[1].any()


def test_new_attention_is_the_mean_by_confidence() -> None:
    graph = adjacency(np.array([0, 0]), np.array([0, 1]), (1, 2))[0]
    sources, confidence = torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([1.0, 3.0])
    found = BipartiteAttention(2, 1)(torch.randn(1, 2), sources, graph, confidence, torch.tensor([True, True]))
    assert found.tolist() == [[pytest.approx(0.25), pytest.approx(0.75)]]


def test_a_dropped_edge_carries_nothing_forward_or_back() -> None:
    graph = adjacency(np.array([0, 0, 1]), np.array([0, 1, 1]), (2, 2))[0]
    layer, sources = BipartiteAttention(2, 1), torch.randn(2, 2, requires_grad=True)
    found = layer(torch.randn(2, 2), sources, graph, torch.ones(3), torch.tensor([True, False, False]))
    found.sum().backward()
    assert torch.equal(found, torch.stack([sources[0], torch.zeros(2)]))
    assert sources.grad is not None
    assert not sources.grad[1].any()
    assert all(torch.isfinite(p.grad).all() for p in layer.parameters() if p.grad is not None)


@pytest.mark.parametrize("seed", range(3))
def test_gradients_of_sparse_dense(seed: int) -> None:
    torch.manual_seed(seed)
    graph = graph_of(seed)
    inputs = (double(len(graph.rows)), double(SOURCES, 3))
    assert torch.autograd.gradcheck(lambda values, dense: SparseDense.apply(values, dense, graph), inputs)


@pytest.mark.parametrize("seed", range(3))
def test_gradients_of_segment_softmax(seed: int) -> None:
    torch.manual_seed(seed)
    graph = graph_of(seed)
    assert torch.autograd.gradcheck(lambda scores: segment_softmax(scores, graph), (double(len(graph.rows)),))


def test_gradients_of_a_whole_layer_with_dropped_edges() -> None:
    torch.manual_seed(0)
    graph, layer = graph_of(0), BipartiteAttention(CHANNELS, 2).double()
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter)
    confidence = torch.rand(len(graph.rows), dtype=torch.float64) + 0.1
    kept = torch.arange(len(graph.rows)) % 3 > 0

    def run(targets: Tensor, sources: Tensor) -> Tensor:
        return layer(targets, sources, graph, confidence, kept)

    assert torch.autograd.gradcheck(run, (double(TARGETS, CHANNELS), double(SOURCES, CHANNELS)))


@pytest.mark.parametrize("shift", [0.0, 1e4, -1e4])
def test_softmax_sums_to_one_for_each_target_with_edges(shift: float) -> None:
    graph = graph_of(0)
    weights = segment_softmax(torch.randn(len(graph.rows)) + shift, graph)
    totals = torch.zeros(TARGETS).index_add(0, graph.rows, weights)
    assert torch.allclose(totals, torch.isin(torch.arange(TARGETS), graph.rows).float())


def test_turn_puts_values_into_the_order_of_the_other_direction() -> None:
    graph = graph_of(0)
    other, _ = adjacency(graph.cols.numpy(), graph.rows.numpy(), (SOURCES, TARGETS))
    assert torch.equal(graph.rows[graph.turn], other.cols)
    assert torch.equal(graph.cols[graph.turn], other.rows)
    assert torch.equal(graph.reverse_indptr, other.indptr)
