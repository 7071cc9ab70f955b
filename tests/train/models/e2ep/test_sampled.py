"""A step on some users, and what was learned from all, share by share."""

from typing import Any

import numpy as np
import pytest
import torch

from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep import network as network_module
from stages.train.models.e2ep import sampled as module
from stages.train.models.e2ep.division.alone import BY_ITSELF, Alone
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.graph import Graph
from stages.train.models.e2ep.loss import SoftmaxLoss
from stages.train.models.e2ep.network import DroppedProducts, Network, dropped
from stages.train.models.e2ep.prior import prior_of
from stages.train.models.e2ep.sampled import SampledGraph, graph_of
from stages.train.models.e2ep.settings import Config
from tests.train.models.e2ep.networks import STILL, network_of

SMALL: dict[str, Any] = {"channels": 8, "heads": 2, "user_text": True}


def sampled(data: TrainingData, config: Config) -> tuple[SampledGraph, Network]:
    """The graph, and a network on it with the parameters of `network_of`."""
    graph = SampledGraph(data, config.grades)
    network = network_of(data, config)
    network.graph = graph
    return graph, network


def of_many(n_users: int = 60, n_items: int = 30) -> TrainingData:
    draw = np.random.default_rng(5)
    user, item = np.nonzero(draw.random((n_users, n_items)) < draw.random((n_users, 1)) / 2)
    rating = draw.integers(1, 6, len(user)).astype(np.float32)
    seconds = draw.permutation(len(user))
    return TrainingData(user, item, rating, n_users, n_items, timestamp=seconds)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("share", [1, 5, 1000])
def test_what_was_learned_is_read_from_all_edges(
    share: int, layers: int, tiny: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EDGES_AT_ONCE", share)
    config = Config(**SMALL, layers=layers)
    wanted = network_of(tiny, config).learned()
    found = sampled(tiny, config)[1].learned()
    assert found.keys() == wanted.keys()
    for name, expected in wanted.items():
        torch.testing.assert_close(found[name], expected, rtol=1e-4, atol=1e-6)


class WithATwin(Alone):
    """Somebody else has as much of everything."""

    def total(self, mine: torch.Tensor) -> torch.Tensor:
        return 2 * mine


@pytest.mark.parametrize(("others", "most"), [(BY_ITSELF, 100), (WithATwin(), 50)])
def test_workers_together_read_as_many_edges_at_once_as_one_would(
    others: Alone, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EDGES_AT_ONCE", 100)
    graph = SampledGraph(of_many(), Config().grades, others)
    sizes = [len(part.edges.rows) for part, _ in graph._shares()]
    assert sum(sizes) == graph.lengths.sum()
    assert most / 2 < max(sizes) <= most + int(graph.lengths.max())


def test_a_step_does_not_hold_the_features_that_it_dropped(tiny: TrainingData) -> None:
    config = Config(**SMALL | STILL | {"feature_dropout": 0.3, "channels": 10})
    graph, network = sampled(tiny, config)
    near = graph.near(torch.tensor([1, 4, 5]), config)
    held: list[torch.Tensor] = []

    def kept(tensor: torch.Tensor) -> torch.Tensor:
        held.append(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(kept, lambda tensor: tensor):
        network(near.graph.draw(config), near)
    tables = [one for one in held if one.shape == network.features.shape]
    assert {one.data_ptr() for one in tables} == {network.features.data_ptr()}


def test_features_are_dropped_alike_for_the_products_and_their_gradients() -> None:
    torch.manual_seed(3)
    features, project, shared = (
        torch.randn(*shape, dtype=torch.float64, requires_grad=shape != (7, 6))
        for shape in ((7, 6), (6, 2), (6,))
    )

    def products(*weights: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        torch.manual_seed(4)
        return DroppedProducts.apply(features, *weights, 0.5)  # type: ignore[no-any-return]

    assert torch.autograd.gradcheck(products, (project, shared))
    torch.manual_seed(4)
    draws = torch.Generator().manual_seed(int(torch.randint(1 << 62, ())))
    kept = dropped(features, 0.5, draws)
    assert ((kept == 0) | (kept == 2 * features)).all()
    assert 0 < kept.count_nonzero() < kept.numel()
    for found, expected in zip(
        products(project, shared), (kept @ project, kept @ shared), strict=True
    ):
        torch.testing.assert_close(found, expected)


def test_workers_drop_the_same_features(tiny: TrainingData) -> None:
    """Whatever else they draw for their own users."""
    config = Config(**SMALL | STILL | {"feature_dropout": 0.3})
    made = []
    for seed in range(2):
        others = Alone()
        others.generator = torch.Generator().manual_seed(seed)
        graph, network = sampled(tiny, config)
        graph.others = others
        torch.manual_seed(1)
        near = graph.near(torch.tensor([1, 4, 5]), config)
        made.append(network(near.graph.draw(config), near).item_layers[0])
    torch.testing.assert_close(*made)


def test_a_step_reads_its_batch_and_others_as_there_is_room() -> None:
    data, config = of_many(), Config(messages=100, edge_dropout=0.5)
    graph = SampledGraph(data, config.grades)
    batch = torch.tensor([3, 17, 40])
    torch.manual_seed(0)
    drawn = set()
    for _ in range(40):
        near = graph.near(batch, config)
        assert near.rows is not None
        assert near.rows.tolist() == sorted(set(near.rows.tolist()))
        assert set(batch.tolist()) <= set(near.rows.tolist())
        assert near.rows[near.places(batch)].equal(batch)
        assert len(near.graph.edges.rows) == graph.lengths[near.rows].sum() <= 200
        drawn |= set(near.rows.tolist())
    assert drawn == set(np.unique(data.user).tolist())


def test_all_edges_of_the_users_of_a_step_are_there() -> None:
    data, config = of_many(), Config(messages=100)
    graph = SampledGraph(data, config.grades)
    near = graph.near(torch.tensor([5]), config)
    assert near.rows is not None
    found = set(
        zip(near.rows[near.graph.edges.rows].tolist(), near.graph.edges.cols.tolist(), strict=True)
    )
    of = np.isin(data.user, near.rows.numpy())
    assert found == set(zip(data.user[of].tolist(), data.item[of].tolist(), strict=True))


def test_for_one_step_only_the_ratings_of_newcomers_are_sorted() -> None:
    data, grades = of_many(), Config().grades
    newcomers = torch.rand(data.n_users, generator=torch.Generator().manual_seed(1)) < 0.4
    often, once = Graph(data, grades), Graph(data, grades, once=True)
    assert torch.equal(once.nth_of(newcomers), often.nth_of(newcomers))
    assert len(once.nth_of(newcomers)) == once.edges.indptr.diff()[newcomers].sum() > 0


@pytest.mark.parametrize(
    "settings",
    [{}, {"catalogue": 5, "sample": 4}, {"feature_dropout": 0.3}],
    ids=["whole", "sample", "dropout"],
)
def test_with_room_for_all_a_step_is_that_of_the_whole_graph(
    settings: dict[str, float], tiny: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    def same(inputs: torch.Tensor, rate: float, _draws: Any = None) -> torch.Tensor:
        """Every third column is dropped, as the two draw differently."""
        kept = torch.arange(inputs.shape[1]) % 3 > 0
        return inputs * kept / (1 - rate)

    monkeypatch.setattr(network_module, "dropped", same)
    config = Config(**SMALL | STILL | settings)
    features = item_features(tiny, config.text, config.components)
    losses, gradients = [], []
    for graph, network in (
        (Graph(tiny, config.grades), network_of(tiny, config)),
        sampled(tiny, config),
    ):
        softmax = SoftmaxLoss(config, graph, prior_of(tiny, features), tiny)
        torch.manual_seed(4)
        graph.near(torch.tensor([0]), config)  # which draws as the step does not
        torch.manual_seed(4)
        users = torch.tensor([1, 4, 5])
        near = graph.near(users, config)
        part = near.graph.draw(config)
        torch.manual_seed(4)
        loss = softmax.loss_on(part, network, users, near)
        loss.backward()
        losses.append(loss.detach())
        gradients.append({name: one.grad for name, one in network.named_parameters()})
    torch.testing.assert_close(*losses)
    for name, expected in gradients[0].items():
        torch.testing.assert_close(gradients[1][name], expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("messages", "kind"), [(100, SampledGraph), (100_000, Graph)])
def test_a_graph_is_sampled_only_where_a_step_may_not_read_all(messages: int, kind: type) -> None:
    data = of_many()
    assert len(data.user) > 200
    assert isinstance(graph_of(data, Config(messages=messages)), kind)
