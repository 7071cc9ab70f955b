"""The peer of benchmarks/train.py differs from the paper's model by its layers alone."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from torch import Tensor

from benchmarks.pyg_unified import Layer, PygUnified
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Model, Watch
from stages.train.graph.gatv2 import GATv2
from stages.train.models.paper import model as paper
from stages.train.models.paper.unified import Config, Unified

N_USERS, N_ITEMS, WIDTH = 7, 9, 12
NEAR = 1e-4
"""Of the largest."""
SETTINGS = Config(every=1, learning_rate=1e-5)
"""AdamW's first step has the sign of a gradient, also of one that is 0 but for rounding; the usual
rate would make that larger than what is compared."""


@dataclass
class Looks(Watch):
    """Keeps the loss and the scores of every epoch."""

    losses: list[float] = field(default_factory=list)
    scores: list[np.ndarray] = field(default_factory=list)

    def should_continue(self, epoch: int, loss: float, model: Model) -> bool:
        self.losses.append(loss)
        self.scores.append(model.score(np.arange(N_USERS)))
        return super().should_continue(epoch, loss, model)


@pytest.fixture
def data() -> TrainingData:
    """The last user has no rating, nor has the last item."""
    draw = np.random.default_rng(3)
    pairs = np.argwhere(draw.random((N_USERS - 1, N_ITEMS - 1)) < 0.5).astype(np.int32)
    rating = draw.integers(1, 6, len(pairs)).astype(np.float32)
    texts = (draw.normal(size=(n, WIDTH)).astype(np.float32) for n in (N_USERS, N_ITEMS))
    unit = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in texts)
    return TrainingData(pairs[:, 0], pairs[:, 1], rating, N_USERS, N_ITEMS, *unit)


def trained(kind: type[Unified], data: TrainingData) -> tuple[np.ndarray, np.ndarray]:
    """Losses (3,) of three epochs, and scores before each step, (3, users, items)."""
    watch = Looks(last_epoch=3)
    kind(SETTINGS, 7).fit(data, watch)
    return np.array(watch.losses), np.array(watch.scores)


def test_from_a_seed_losses_and_scores_are_those_of_our_layers(data: TrainingData) -> None:
    for ours, pygs in zip(trained(Unified, data), trained(PygUnified, data), strict=True):
        assert np.abs(pygs - ours).max() < NEAR * np.abs(ours).max()


def test_the_steps_compared_move_the_scores_by_more_than_the_tolerance(data: TrainingData) -> None:
    _, scores = trained(PygUnified, data)
    assert np.abs(scores[2] - scores[0]).max() > 10 * NEAR * np.abs(scores).max()


def test_it_is_pygs_layer_that_is_trained(
    data: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Layer] = []
    forward = Layer.forward

    def counted(layer: Layer, *given: Any) -> Tensor:
        calls.append(layer)
        return forward(layer, *given)

    monkeypatch.setattr(Layer, "forward", counted)
    trained(PygUnified, data)
    assert len(calls) == 3 * len(SETTINGS.heads)


def test_our_layer_is_back_in_its_place_afterwards(data: TrainingData) -> None:
    trained(PygUnified, data)
    assert vars(paper)["GATv2"] is GATv2
