"""Transposed and cut graphs, and gradients of products and softmax over them."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from stages.train.graph.adjacency import Adjacency, SparseDense, adjacency, segment_softmax

TARGETS, SOURCES = 4, 5


def graph_of(seed: int, share: float = 0.5) -> Adjacency:
    """Random edges; target 1 has none."""
    present = np.random.default_rng(seed).random((TARGETS, SOURCES)) < share
    present[1] = False
    present[0, 0] = True
    target, source = np.nonzero(present)
    return adjacency(target, source, (TARGETS, SOURCES))[0]


def double(*shape: int) -> Tensor:
    return torch.randn(*shape, dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize("seed", range(3))
def test_gradients_of_sparse_dense(seed: int) -> None:
    torch.manual_seed(seed)
    graph = graph_of(seed)
    inputs = (double(len(graph.rows)), double(SOURCES, 3))
    assert torch.autograd.gradcheck(
        lambda values, dense: SparseDense.apply(values, dense, graph), inputs
    )


@pytest.mark.parametrize("seed", range(3))
def test_gradients_of_segment_softmax(seed: int) -> None:
    torch.manual_seed(seed)
    graph = graph_of(seed)
    assert torch.autograd.gradcheck(
        lambda scores: segment_softmax(scores, graph), (double(len(graph.rows)),)
    )


@pytest.mark.parametrize("shift", [0.0, 1e4, -1e4])
def test_softmax_sums_to_one_for_each_target_with_edges(shift: float) -> None:
    graph = graph_of(0)
    weights = segment_softmax(torch.randn(len(graph.rows)) + shift, graph)
    totals = torch.zeros(TARGETS).index_add(0, graph.rows, weights)
    assert torch.allclose(totals, torch.isin(torch.arange(TARGETS), graph.rows).float())


@st.composite
def edges(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Targets and sources; rows and columns may be empty, and all of them."""
    cells = draw(st.sets(st.tuples(st.integers(0, TARGETS - 1), st.integers(0, SOURCES - 1))))
    target, source = np.array(draw(st.permutations(sorted(cells))), dtype=np.int64).reshape(-1, 2).T
    return target, source


def assert_same(found: Adjacency, wanted: Adjacency) -> None:
    assert found.shape == wanted.shape
    for name in ("rows", "cols", "indptr", "turn", "reverse_indptr", "reverse_cols"):
        assert torch.equal(getattr(found, name), getattr(wanted, name)), name


@given(edges())
def test_transposed_is_the_graph_of_the_edges_the_other_way(
    given_edges: tuple[np.ndarray, np.ndarray],
) -> None:
    target, source = given_edges
    transposed = adjacency(target, source, (TARGETS, SOURCES))[0].transposed()
    assert_same(transposed, adjacency(source, target, (SOURCES, TARGETS))[0])


@given(edges(), st.data())
def test_a_subset_is_the_graph_of_the_kept_edges(
    given_edges: tuple[np.ndarray, np.ndarray], data: st.DataObject
) -> None:
    target, source = given_edges
    graph, order = adjacency(target, source, (TARGETS, SOURCES))
    kept = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(order), max_size=len(order))), dtype=bool
    )
    among = order[kept]
    assert_same(
        graph.subset(torch.from_numpy(kept)),
        adjacency(target[among], source[among], (TARGETS, SOURCES))[0],
    )


@given(edges())
def test_the_order_is_the_one_in_which_the_graph_keeps_the_edges(
    given_edges: tuple[np.ndarray, np.ndarray],
) -> None:
    target, source = given_edges
    graph, order = adjacency(target, source, (TARGETS, SOURCES))
    assert (graph.rows.tolist(), graph.cols.tolist()) == (
        target[order].tolist(),
        source[order].tolist(),
    )
