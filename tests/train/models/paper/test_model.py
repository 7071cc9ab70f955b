"""The paper's model: the two terms of its loss, and what its nodes begin as."""

import math

import numpy as np
import pytest
import torch

from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Watch
from stages.train.fitting.negatives import NegativeDraw
from stages.train.models.paper import gat, integrated
from stages.train.models.paper.model import PaperNetwork, ratings_graph
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
    start = gat.MODEL(Config(), 7).start(tiny)
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
    network(ratings_graph(tiny)).sum().backward()
    assert (network.nodes.grad is None) is frozen
