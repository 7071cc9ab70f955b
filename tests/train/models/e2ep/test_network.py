"""What a step sees of the graph, and what it makes of the nodes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import leaky_relu, normalize

from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.graph import FIRST, Graph, Part
from stages.train.models.e2ep.network import Layer, Network
from stages.train.models.e2ep.settings import Config
from tests.train.models.e2ep.networks import STILL, graph_of, network_of

GRADES = {5: 1.2, 4: 1.0, 3: 0.5, 2: 0.25, 1: 0.1}
SMALL = Config(channels=8, heads=2, feature_dropout=0.0, grades=GRADES)


def with_ratings_each(n_users: int, n_items: int) -> TrainingData:
    """Everybody rated everything, each in a different order."""
    user, item = (side.ravel() for side in np.indices((n_users, n_items)))
    seconds = (
        np.random.default_rng(0)
        .permuted(np.tile(1 + np.arange(n_items), (n_users, 1)), axis=1)
        .ravel()
    )
    return TrainingData(user, item, np.full(len(user), 4.0), n_users, n_items, timestamp=seconds)


def drawn(graph: Graph, **settings: Any) -> Part:
    torch.manual_seed(1)
    return graph.draw(Config(**STILL | settings))


def changed(network: Network, part: Part, names: Sequence[str], rows: Tensor) -> bool:
    """Whether other values in these rows of these parameters change anything that comes out."""
    with torch.no_grad():
        before = network(part)
        for name in names:
            getattr(network, name)[rows] += 1.0
        after = network(part)
        pairs = [*zip(before[:-1], after[:-1], strict=True)]
        pairs += zip(before.item_layers, after.item_layers, strict=True)
        return not all(torch.equal(one, other) for one, other in pairs)


def test_the_whole_graph_has_all_edges_and_is_cold_and_new_where_nothing_is_rated(
    tiny: TrainingData,
) -> None:
    whole = Graph(tiny, GRADES).whole()
    assert whole.kept.all()
    assert len(whole.kept) == len(tiny.user)
    assert whole.cold.nonzero().flatten().tolist() == [8]
    assert whole.newcomer.nonzero().flatten().tolist() == [6]


def test_a_step_without_drops_sees_the_whole_graph(tiny: TrainingData) -> None:
    graph = Graph(tiny, GRADES)
    part, whole = drawn(graph), graph.whole()
    for name in ("kept", "cold", "newcomer"):
        assert torch.equal(getattr(part, name), getattr(whole, name))


def test_a_cold_item_is_known_by_its_features_alone(tiny: TrainingData) -> None:
    network = network_of(tiny, SMALL)
    part = drawn(graph_of(network), cold_items=0.5)
    assert 0 < part.cold.sum() < tiny.n_items
    assert not changed(network, part, ("items", "own"), part.cold)
    assert changed(network, part, ("items",), ~part.cold)
    assert changed(network, part, ("own",), ~part.cold)


def test_a_cold_item_has_no_edges(tiny: TrainingData) -> None:
    graph = Graph(tiny, GRADES)
    part = drawn(graph, cold_items=0.5)
    assert torch.equal(part.kept, ~part.cold[graph.edges.cols])


def test_a_newcomer_has_no_vector_of_their_own(tiny: TrainingData) -> None:
    network = network_of(tiny, SMALL)
    part = drawn(graph_of(network), newcomers=0.5)
    assert 0 < part.newcomer.sum() < tiny.n_users
    assert not changed(network, part, ("users",), part.newcomer)
    assert changed(network, part, ("users",), ~part.newcomer)


def test_a_newcomer_keeps_their_earliest_ratings_alone() -> None:
    data = with_ratings_each(40, 2 * FIRST)
    graph = Graph(data.of_ratings(np.random.default_rng(1).permutation(len(data.user))), GRADES)
    part = drawn(graph, newcomers=0.9, edge_dropout=0.5)
    kept, places = (
        torch.zeros(graph.edges.shape, dtype=torch.bool),
        torch.from_numpy(data.matrix(data.nth).toarray()),
    )
    kept[graph.edges.rows, graph.edges.cols] = part.kept
    of_newcomers = [
        places[user][kept[user]].sort().values.tolist()
        for user in part.newcomer.nonzero().flatten()
    ]
    assert all(nth == list(range(len(nth))) for nth in of_newcomers)
    sizes = {len(nth) for nth in of_newcomers}
    assert len(sizes) > FIRST / 2
    assert max(sizes) < FIRST


def test_others_keep_a_share_of_the_edges() -> None:
    graph = Graph(with_ratings_each(100, 100), GRADES)
    assert drawn(graph, edge_dropout=0.75).kept.float().mean() == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize("layers", [1, 3])
def test_dropped_edges_carry_nothing(layers: int, tiny: TrainingData) -> None:
    settings = SMALL.model_copy(update={"layers": layers})
    network = network_of(tiny, settings)
    part = drawn(graph_of(network), edge_dropout=0.5)
    ratings = zip(
        graph_of(network).edges.rows[part.kept].tolist(),
        graph_of(network).edges.cols[part.kept].tolist(),
        strict=True,
    )
    kept = set(ratings)
    fewer = tiny.of_ratings(
        np.array([pair in kept for pair in zip(tiny.user, tiny.item, strict=True)])
    )
    cut = network_of(fewer, settings)
    with torch.no_grad():
        wanted = cut(Part(torch.ones(len(kept), dtype=torch.bool), part.cold, part.newcomer))
        for found, alone in zip(network(part), wanted, strict=True):
            torch.testing.assert_close(found, alone)


def test_the_order_of_the_ratings_changes_nothing(tiny: TrainingData) -> None:
    mixed = tiny.of_ratings(np.random.default_rng(1).permutation(len(tiny.user)))
    first, second = (network_of(data, SMALL).learned() for data in (tiny, mixed))
    for name, rows in first.items():
        torch.testing.assert_close(rows, second[name], msg=name)


def test_a_new_layer_is_the_mean_by_grade_in_both_directions() -> None:
    """User 0 rated films 0 and 1, of grades 1.2 and 0.5; user 1 film 0, of grade 0.25."""
    data = TrainingData(np.array([0, 1, 0]), np.array([1, 0, 0]), np.array([3.0, 2.0, 5.0]), 2, 2)
    graph = Graph(data, GRADES)
    to_users, to_items = graph.directions(graph.whole())
    basis, any_targets = torch.eye(2), torch.randn(2, 2)
    torch.testing.assert_close(
        Layer(2, 1)(any_targets, basis, to_users), torch.tensor([[1.2 / 1.7, 0.5 / 1.7], [1, 0]])
    )
    torch.testing.assert_close(
        Layer(2, 1)(any_targets, basis, to_items), torch.tensor([[1.2 / 1.45, 0.25 / 1.45], [1, 0]])
    )


def attended(layer: Layer, targets: Tensor, sources: Tensor, weight: Tensor) -> Tensor:
    """The attention over full matrices; weight: (targets, sources), −inf where there is no edge."""
    parts = []
    for head, (of, by) in enumerate(zip(targets.chunk(2, 1), sources.chunk(2, 1), strict=True)):
        raw = (
            (of @ layer.target[head])[:, None] + by @ layer.source[head] + layer.edge[head] * weight
        )
        scores = torch.where(weight.isfinite(), leaky_relu(raw, 0.2), -torch.inf)
        parts.append(torch.nan_to_num(scores.softmax(1)) @ by)
    return torch.cat(parts, 1)


def test_vectors_are_the_mean_over_rounds_of_attention_in_both_directions(
    tiny: TrainingData,
) -> None:
    network = network_of(tiny, SMALL)
    grades = torch.from_numpy(
        tiny.matrix(np.interp(tiny.rating, sorted(GRADES), sorted(GRADES.values()))).toarray()
    )
    weight = torch.log(grades / min(GRADES.values())).float()
    with torch.no_grad():
        features = network.features @ network.project
        users, items = (
            network.users * (torch.arange(7) != 6)[:, None],
            network.items * (torch.arange(9) != 8)[:, None],
        )
        rounds = [(users, items + features)]
        for to_user, to_item in zip(network.to_user, network.to_item, strict=True):
            assert isinstance(to_user, Layer)
            assert isinstance(to_item, Layer)
            users, items = rounds[-1]
            rounds.append(
                (attended(to_user, users, items, weight), attended(to_item, items, users, weight.T))
            )
        wanted = [normalize(torch.stack(side).mean(0), dim=1) for side in zip(*rounds, strict=True)]
        bias = network.own * (torch.arange(9) != 8) + network.features @ network.shared
        for found, dense in zip(
            network(graph_of(network).whole())[:3], (*wanted, bias), strict=True
        ):
            torch.testing.assert_close(found, dense)


def test_vectors_have_length_one_and_learned_ones_are_those_of_the_whole_graph(
    tiny: TrainingData,
) -> None:
    network = network_of(tiny, SMALL)
    learned = network.learned()
    with torch.no_grad():
        users, items, bias, *_ = network(graph_of(network).whole())
    for name, rows in (("refined", users), ("items", items), ("bias", bias)):
        assert torch.equal(learned[name], rows)
    assert users[:6].norm(dim=1) == pytest.approx(np.ones(6), abs=1e-6)
    assert items.norm(dim=1) == pytest.approx(np.ones(9), abs=1e-6)
