"""What a step sees of the graph, and what nodes become by it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from stages.train.data import TrainingData
from stages.train.network import FIRST, Graph, Layer, Network, Part
from stages.train.settings import Config
from tests.train.networks import STILL, network_of

SMALL = Config(channels=8, heads=2, feature_dropout=0.0)
GRADES = SMALL.grades


def with_ratings_each(n_users: int, n_items: int) -> TrainingData:
    """Everybody rated everything, each in an order of his own."""
    user, item = (side.ravel() for side in np.indices((n_users, n_items)))
    nth = np.random.default_rng(0).permuted(np.tile(np.arange(n_items), (n_users, 1)), axis=1).ravel()
    return TrainingData(user, item, np.full(len(user), 4.0), n_users, n_items, nth=nth)


def drawn(graph: Graph, **settings: Any) -> Part:
    torch.manual_seed(1)
    return graph.drawn(Config(**STILL | settings))


def changed(network: Network, part: Part, names: Sequence[str], rows: Tensor) -> bool:
    """Whether other values in these rows of these parameters change anything that comes out."""
    with torch.no_grad():
        before = network(part)
        for name in names:
            getattr(network, name)[rows] += 1.0
        return not all(torch.equal(one, other) for one, other in zip(before, network(part), strict=True))


def test_the_whole_graph_has_all_edges_and_is_cold_and_new_where_nothing_is_rated(tiny: TrainingData) -> None:
    whole = Graph(tiny, GRADES).whole()
    assert whole.kept.all()
    assert len(whole.kept) == len(tiny.user)
    assert whole.cold.nonzero().flatten().tolist() == [8]
    assert whole.fresh.nonzero().flatten().tolist() == [6]


def test_a_step_without_drops_sees_the_whole_graph(tiny: TrainingData) -> None:
    graph = Graph(tiny, GRADES)
    part, whole = drawn(graph), graph.whole()
    for name in ("kept", "cold", "fresh"):
        assert torch.equal(getattr(part, name), getattr(whole, name))


def test_a_cold_item_is_known_by_its_features_alone(tiny: TrainingData) -> None:
    network = network_of(tiny, SMALL)
    part = drawn(network.graph, cold_items=0.5)
    assert 0 < part.cold.sum() < tiny.n_items
    assert not changed(network, part, ("items", "own"), part.cold)
    assert changed(network, part, ("items",), ~part.cold)
    assert changed(network, part, ("own",), ~part.cold)


def test_a_cold_item_has_no_edges(tiny: TrainingData) -> None:
    graph = Graph(tiny, GRADES)
    part = drawn(graph, cold_items=0.5)
    assert torch.equal(part.kept, ~part.cold[graph.edges.cols])


def test_a_newcomer_has_no_vector_of_his_own(tiny: TrainingData) -> None:
    network = network_of(tiny, SMALL)
    part = drawn(network.graph, newcomers=0.5)
    assert 0 < part.fresh.sum() < tiny.n_users
    assert not changed(network, part, ("users",), part.fresh)
    assert changed(network, part, ("users",), ~part.fresh)


def test_a_newcomer_keeps_his_earliest_ratings_alone() -> None:
    data = with_ratings_each(40, 2 * FIRST)
    graph = Graph(data, GRADES)
    part = drawn(graph, newcomers=0.9, edge_dropout=0.5)
    sizes = set()
    for user in part.fresh.nonzero().flatten():
        nth = graph.nth[part.kept & (graph.edges.rows == user)].sort().values
        assert nth.tolist() == list(range(len(nth)))
        sizes.add(len(nth))
    assert len(sizes) > FIRST / 2
    assert max(sizes) < FIRST


def test_others_keep_a_share_of_the_edges() -> None:
    graph = Graph(with_ratings_each(100, 100), GRADES)
    assert drawn(graph, edge_dropout=0.75).kept.float().mean() == pytest.approx(0.25, abs=0.03)
    assert drawn(graph, edge_dropout=0.25, messages=1000).kept.float().mean() == pytest.approx(0.1, abs=0.03)


@pytest.mark.parametrize("layers", [1, 3])
def test_dropped_edges_carry_nothing(layers: int, tiny: TrainingData) -> None:
    settings = SMALL.model_copy(update={"layers": layers})
    network = network_of(tiny, settings)
    part = drawn(network.graph, edge_dropout=0.5)
    ratings = zip(
        network.graph.edges.rows[part.kept].tolist(), network.graph.edges.cols[part.kept].tolist(), strict=True
    )
    kept = set(ratings)
    fewer = tiny.of_ratings(np.array([pair in kept for pair in zip(tiny.user, tiny.item, strict=True)]))
    cut = network_of(fewer, settings)
    with torch.no_grad():
        wanted = cut(Part(torch.ones(len(kept), dtype=torch.bool), part.cold, part.fresh))
        for found, alone in zip(network(part), wanted, strict=True):
            torch.testing.assert_close(found, alone)


def test_the_order_of_the_ratings_changes_nothing(tiny: TrainingData) -> None:
    mixed = tiny.of_ratings(np.random.default_rng(1).permutation(len(tiny.user)))
    first, second = (network_of(data, SMALL).frozen() for data in (tiny, mixed))
    for name, rows in first.items():
        torch.testing.assert_close(rows, second[name], msg=name)


def test_a_new_layer_is_the_mean_by_grade() -> None:
    """Grades 1.2 and 0.5 of the one user's two films."""
    data = TrainingData(np.array([0, 0]), np.array([1, 0]), np.array([5.0, 3.0]), 1, 2)
    graph = Graph(data, GRADES)
    to_users, to_items = graph.directions(graph.whole())
    films = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    found = Layer(2, 1)(torch.randn(1, 2), films, to_users)
    assert found.tolist() == [pytest.approx([0.5 / 1.7, 1.2 / 1.7])]
    user = torch.randn(1, 2)
    torch.testing.assert_close(Layer(2, 1)(films, user, to_items), user.expand(2, 2))


def test_vectors_have_length_one_and_frozen_ones_are_those_of_the_whole_graph(tiny: TrainingData) -> None:
    network = network_of(tiny, SMALL)
    frozen = network.frozen()
    with torch.no_grad():
        users, items, bias = network(network.graph.whole())
    for name, rows in (("refined", users), ("items", items), ("bias", bias)):
        assert torch.equal(frozen[name], rows)
    assert users[:6].norm(dim=1) == pytest.approx(np.ones(6), abs=1e-6)
    assert items.norm(dim=1) == pytest.approx(np.ones(9), abs=1e-6)
