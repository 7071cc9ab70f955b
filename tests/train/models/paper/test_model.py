"""The paper's model: the two terms of its loss, and what its nodes begin as."""

import math
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pytest
import torch
from pydantic import ValidationError
from torch_geometric.nn import GATv2Conv
from torch_geometric.utils import add_self_loops

from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Model, Watch
from stages.train.fitting.negatives import NegativeDraw
from stages.train.fitting.rescoring import Copies
from stages.train.models.paper import gat, integrated
from stages.train.models.paper.network import Edges, PaperNetwork
from stages.train.models.paper.unified import Config, Unified


def loss_of(vectors: list[list[float]], **weights: float) -> float:
    """One user who likes item 0; item 1 is the only negative."""
    data = TrainingData(np.array([0]), np.array([0]), np.array([5.0]), 1, 2)
    draw = NegativeDraw(data, np.random.default_rng(0))
    return Unified(Config(**weights), 7).loss(torch.tensor(vectors), draw).item()


VECTORS = [[1.0, 0.0], [3.0, 4.0], [2.0, 7.0]]


def test_bpr_term_by_hand() -> None:
    """Margin 3 − 2 = 1, so −log σ(1) = log(1 + e⁻¹)."""
    assert loss_of(VECTORS, bpr=1, cosine=0) == pytest.approx(math.log(1 + math.exp(-1)), abs=1e-6)


def test_alignment_term_by_hand() -> None:
    """The cosine of (1, 0) and (3, 4) is 3/5."""
    assert loss_of(VECTORS, bpr=0, cosine=1) == pytest.approx(0.4, abs=1e-6)


def test_default_weights_are_the_papers_five_and_two() -> None:
    assert loss_of(VECTORS) == pytest.approx(5 * math.log(1 + math.exp(-1)) + 2 * 0.4, abs=1e-5)


def test_nodes_begin_as_text_users_first(tiny: TrainingData) -> None:
    start = integrated.MODEL(Config(), 7).start(tiny)
    assert tiny.user_text is not None
    assert tiny.item_text is not None
    assert np.array_equal(start[: tiny.n_users], tiny.user_text)
    assert np.array_equal(start[tiny.n_users :], tiny.item_text)


def test_without_text_nodes_begin_as_wide_and_about_as_long_as_profiles(tiny: TrainingData) -> None:
    torch.manual_seed(0)
    start = gat.MODEL(gat.Config(), 7).start(tiny)
    assert start.shape == (tiny.n_users + tiny.n_items, 384)
    assert start.norm(dim=1).mean().item() == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("heads", [(1,), (4, 1), (2, 4, 1), (4, 4, 4, 2)])
def test_there_are_as_many_layers_as_heads_and_vectors_are_as_wide_as_the_last(
    tiny: TrainingData, heads: tuple[int, ...]
) -> None:
    model = Unified(Config(channels=3, heads=heads, epochs=1), 7)
    model.fit(tiny, Watch(last_epoch=1))
    assert model.users.shape == (tiny.n_users, 3 * heads[-1])


@pytest.mark.parametrize("frozen", [True, False])
def test_what_nodes_begin_as_is_trained_unless_frozen(tiny: TrainingData, frozen: bool) -> None:
    network = PaperNetwork(Config(frozen=frozen), Unified(Config(), 7).start(tiny))
    network(Edges().whole(tiny)).sum().backward()
    assert (network.nodes.grad is None) is frozen


def test_nodes_may_begin_as_the_released_gat_does(tiny: TrainingData) -> None:
    torch.manual_seed(0)
    start = gat.MODEL(gat.Config(start="normal-64"), 7).start(tiny)
    assert start.shape == (tiny.n_users + tiny.n_items, 64)
    assert start.std().item() == pytest.approx(1, abs=0.1)


def test_a_model_that_begins_without_text_needs_none(tiny: TrainingData) -> None:
    model = Unified(Config(start="unit-384"), 7)
    assert (model.form, Unified.form) == (None, "unified")
    model.fit(replace(tiny, user_text=None, item_text=None), Watch(last_epoch=1))


def test_gat_has_no_text_to_begin_as() -> None:
    with pytest.raises(ValidationError, match="unit-384"):
        gat.Config(start="text")


THREE = TrainingData(
    np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([5.0, 3.0, 2.0]), n_users=2, n_items=2
)
"""User 0 likes item 0 and has no opinion of item 1, which user 1 dislikes."""


def edges_among(edges: Edges) -> set[tuple[int, int, float]]:
    """(target, source, scalar), users first."""
    graph = edges.whole(THREE)
    ends = zip(graph.edges.rows.tolist(), graph.edges.cols.tolist(), strict=True)
    return {(*end, scalar) for end, scalar in zip(ends, graph.scalars.tolist(), strict=True)}


BOTH_WAYS = {(0, 2, 5.0), (2, 0, 5.0), (0, 3, 3.0), (3, 0, 3.0), (1, 3, 2.0), (3, 1, 2.0)}


def test_every_rating_is_an_edge_both_ways() -> None:
    assert edges_among(Edges()) == BOTH_WAYS


def test_neutral_ratings_may_be_left_out() -> None:
    assert edges_among(Edges(neutral=False)) == BOTH_WAYS - {(0, 3, 3.0), (3, 0, 3.0)}


def test_a_node_attends_to_itself_with_the_mean_of_its_ratings() -> None:
    loops = {(0, 0, 4.0), (1, 1, 2.0), (2, 2, 5.0), (3, 3, 2.5)}
    assert edges_among(Edges(self_loops=True)) == BOTH_WAYS | loops


def test_the_loops_are_those_that_pygs_layer_adds() -> None:
    graph = Edges().whole(THREE)
    index = torch.stack([graph.edges.cols, graph.edges.rows]).long()
    looped, scalars = add_self_loops(index, graph.scalars, fill_value="mean", num_nodes=4)
    ends = zip(looped[1].tolist(), looped[0].tolist(), scalars.tolist(), strict=True)
    assert set(ends) == edges_among(Edges(self_loops=True))


@pytest.mark.parametrize("loops", [False, True])
def test_copies_with_all_their_ratings_read_what_their_users_do(
    tiny: TrainingData, loops: bool
) -> None:
    model = Unified(Config(self_loops=loops, epochs=1), 7)
    model.fit(tiny, Watch(last_epoch=1))
    users = np.arange(tiny.n_users)
    copies = Copies(tiny, users, tiny)
    np.testing.assert_allclose(model.score_from_ratings(copies), model.score(users), atol=1e-5)


@dataclass
class Losses(Watch):
    """Keeps what each look is told."""

    told: list[tuple[int, float]] = field(default_factory=list)

    def should_continue(self, epoch: int, loss: float, model: Model) -> bool:
        self.told.append((epoch, loss))
        return super().should_continue(epoch, loss, model)


@pytest.mark.parametrize("last_epoch", [None, 2])
def test_training_that_stops_on_its_loss_looks_once_where_the_loss_no_longer_falls(
    tiny: TrainingData, last_epoch: int | None
) -> None:
    watch = Losses(last_epoch=last_epoch)
    # With so large a step, the loss soon rises.
    settings = Config(stop="training-loss", patience=2, learning_rate=30.0, epochs=50)
    Unified(settings, 7).fit(tiny, watch)
    [(epoch, _)] = watch.told
    assert 3 <= epoch < 50


def test_what_is_dropped_in_training_is_there_in_the_scores(tiny: TrainingData) -> None:
    model = Unified(Config(dropout=0.5, epochs=1), 7)
    model.fit(tiny, Watch(last_epoch=1))
    copies = Copies(tiny, np.arange(tiny.n_users), tiny)
    expected = model.score(np.arange(tiny.n_users))
    np.testing.assert_allclose(model.score_from_ratings(copies), expected, atol=1e-5)


def trained(layer: Literal["csr", "pyg"], tiny: TrainingData) -> tuple[np.ndarray, np.ndarray]:
    """Losses of three epochs, (3,), and the scores after them.

    AdamW's first step has the sign of a gradient, also of one that is 0 but for rounding: the usual
    rate would make that larger than what is compared.
    """
    watch = Losses(last_epoch=3)
    model = Unified(Config(layer=layer, self_loops=True, every=1, learning_rate=1e-5), 7)
    model.fit(tiny, watch)
    return np.array([loss for _, loss in watch.told]), model.score(np.arange(tiny.n_users))


def test_training_on_pygs_layers_is_training_on_ours(tiny: TrainingData) -> None:
    for ours, pygs in zip(trained("csr", tiny), trained("pyg", tiny), strict=True):
        assert np.abs(pygs - ours).max() < 1e-4 * np.abs(ours).max()


def test_it_is_pygs_layer_that_is_trained(tiny: TrainingData) -> None:
    network = PaperNetwork(Config(layer="pyg"), Unified(Config(), 7).start(tiny))
    assert all(isinstance(layer, GATv2Conv) for layer in network.layers)
