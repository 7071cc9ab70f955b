"""The loss against a dense computation, in full and by a sample, and the batches of users."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from stages.train.fitting.adam import AdamW
from stages.train.fitting.data import TrainingData, grade
from stages.train.models.e2ep import loss as loss_module
from stages.train.models.e2ep.arrivals import arrivals, last_ratings
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.graph import Graph, Part
from stages.train.models.e2ep.loss import SoftmaxLoss
from stages.train.models.e2ep.network import Network
from stages.train.models.e2ep.prior import prior_of
from stages.train.models.e2ep.settings import Config
from tests.train.models.e2ep.networks import STILL, graph_of, network_of

SMALL: dict[str, Any] = STILL | {"channels": 8, "temperature": 0.5, "history": (3.0, 50.0)}
DROPS = {"edge_dropout": 0.4, "cold_items": 0.4, "newcomers": 0.4}


def made(data: TrainingData, **settings: Any) -> tuple[SoftmaxLoss, Network]:
    config = Config(**SMALL | settings)
    network, prior = (
        network_of(data, config),
        prior_of(data, item_features(data, config.text, config.components)),
    )
    return SoftmaxLoss(config, network.graph, prior, data), network


def epoch(softmax: SoftmaxLoss, network: Network) -> tuple[float, int]:
    """The loss of an epoch that learns nothing, from a seed, and its steps."""
    optimizer = AdamW(network.parameters(), 0.0)
    torch.manual_seed(2)
    return softmax.epoch(network, optimizer), max(optimizer.steps)


def scores(softmax: SoftmaxLoss, network: Network, data: TrainingData, part: Part) -> Tensor:
    """(users, items) by the formula, over full matrices."""
    config = softmax.settings
    with torch.no_grad():
        users, items, bias, *_ = network(part)
    known = torch.bincount(graph_of(network).edges.rows[part.kept], minlength=data.n_users)
    share = known / (known + config.history[0])
    prior = torch.where(part.cold, softmax.predicted, softmax.base) + softmax.traits @ (
        softmax.lift * ~part.cold
    )
    first, last = torch.from_numpy(arrivals(data)), torch.from_numpy(last_ratings(data))
    after = first * ~part.cold > last[:, None]
    return (
        prior
        + share[:, None] * (users @ items.T / config.temperature + bias)
        - config.later * after
    )


def missed(found: Tensor, data: TrainingData, itself: float = 0.0) -> np.ndarray:
    """The cross-entropy of each rating (ratings,).

    itself: how often a rating adds itself to the sum over all items.
    """
    user, item = (torch.from_numpy(side.astype(np.int64)) for side in (data.user, data.item))
    own = found.double()[user, item]
    return (torch.log(found.double().exp().sum(1)[user] + itself * own.exp()) - own).numpy()


def grades(softmax: SoftmaxLoss, data: TrainingData) -> np.ndarray:
    return grade(data.rating, softmax.settings.grades)


def of_whole(
    softmax: SoftmaxLoss, network: Network, data: TrainingData, itself: float = 0.0
) -> np.ndarray:
    return missed(scores(softmax, network, data, graph_of(network).whole()), data, itself)


@pytest.mark.parametrize(
    "drops", [{}, DROPS, DROPS | {"later": 2.0}], ids=["whole", "part", "later"]
)
def test_the_loss_is_the_dense_one_by_grade(drops: dict[str, Any], tiny: TrainingData) -> None:
    softmax, network = made(tiny, **drops)
    torch.manual_seed(2)
    part = graph_of(network).draw(softmax.settings)
    wanted = np.average(
        missed(scores(softmax, network, tiny, part), tiny), weights=grades(softmax, tiny)
    )
    assert epoch(softmax, network) == (pytest.approx(wanted, rel=1e-5), 1)


@pytest.mark.parametrize("later", [0.0, 2.0])
def test_a_large_sample_comes_near_the_sum_over_all_items_and_the_rating_itself(
    later: float, tiny: TrainingData
) -> None:
    softmax, network = made(tiny, later=later)
    softmax.lift = 10 * softmax.lift
    wanted = np.average(of_whole(softmax, network, tiny, 1.0), weights=grades(softmax, tiny))
    softmax.width = 200_000
    assert epoch(softmax, network)[0] == pytest.approx(wanted, rel=0.01)


def test_fewer_items_than_there_are_make_it_a_sample(tiny: TrainingData) -> None:
    full, sampled = (epoch(*made(tiny, catalogue=most))[0] for most in (9, 8))
    assert np.isfinite(sampled)
    assert sampled != full


@pytest.mark.parametrize(
    ("ratings", "n_items", "settings", "width"),
    [
        (1, 4096, {}, 4096),
        (1, 4097, {}, 1024),
        (20, 5120, {}, 5120),
        (20, 5121, {}, 1280),
        (20, 6000, {"sample": 1000}, 1000),
        (20, 5000, {"catalogue": 4999}, 1280),
    ],
)
def test_the_fewer_ratings_users_have_the_fewer_items_are_drawn(
    ratings: int, n_items: int, settings: dict[str, int], width: int
) -> None:
    items = np.arange(ratings)
    data = TrainingData(np.zeros(ratings, int), items, np.full(ratings, 5.0), 1, n_items)
    config = Config(**SMALL | settings)
    prior = prior_of(data, np.zeros((n_items, 0)))
    assert SoftmaxLoss(config, Graph(data, config.grades), prior, data).width == width


@pytest.mark.parametrize("cells", [9, 1])
def test_where_cells_allow_one_user_a_step_each_counts_once(
    cells: int, tiny: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss_module, "STEP_CELLS", cells)
    softmax, network = made(tiny)
    losses, weights = of_whole(softmax, network, tiny), grades(softmax, tiny)
    each = [
        np.average(losses[tiny.user == user], weights=weights[tiny.user == user])
        for user in range(6)
    ]
    assert epoch(softmax, network) == (pytest.approx(np.mean(each), rel=1e-5), 6)


@pytest.mark.parametrize(("batch", "steps"), [(1, 6), (2, 3), (4, 2), (5, 2), (6, 1)])
def test_batches_are_no_larger_than_asked(batch: int, steps: int, tiny: TrainingData) -> None:
    assert epoch(*made(tiny, batch=batch))[1] == steps


def test_users_without_ratings_enter_no_loss(tiny: TrainingData) -> None:
    assert tiny.traits is not None
    others = tiny.traits.copy()
    others[6] += 5
    assert epoch(*made(replace(tiny, traits=others))) == epoch(*made(tiny))
