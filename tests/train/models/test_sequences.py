"""Models of order: histories, directed transitions by hand, and a transformer."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

from stages.core.errors import MissingError
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Watch
from stages.train.fitting.rescoring import Copies
from stages.train.models.sequence import sasrec, transitions
from stages.train.models.sequence.histories import Histories
from stages.train.models.sequence.network import NetworkConfig, SasrecNetwork

ORDERED = (transitions, sasrec)


def rated(*histories: list[int], n_items: int = 4, **known: Any) -> TrainingData:
    """Users who like these items one after the other."""
    user = np.repeat(np.arange(len(histories)), [len(one) for one in histories])
    item = np.array([one for history in histories for one in history], dtype=int)
    order = np.arange(len(user))
    rating = np.full(len(user), 5.0)
    return TrainingData(user, item, rating, len(histories), n_items, **({"order": order} | known))


def fitted(module: Any, data: TrainingData, **config: Any) -> Any:
    model = module.MODEL(module.Config(**config), 7)
    model.fit(data, Watch())
    return model


@pytest.mark.parametrize("module", ORDERED)
def test_without_an_order_it_is_refused_in_a_sentence(module: Any) -> None:
    name = module.__name__.rpartition(".")[2]
    with pytest.raises(MissingError, match=f"^{name} needs times or an order"):
        fitted(module, rated([0, 1], order=None))


def test_histories_are_in_order_of_time_without_ratings_whose_time_is_unknown() -> None:
    data = rated([0, 1, 2], [3, 0], timestamp=np.array([9, 0, 4, 2, 1]), order=None)
    past = Histories.of(data, "x")
    assert past.item.tolist() == [2, 0, 0, 3]
    places, known = past.latest(np.array([1, 0]), 3)
    assert np.where(known, past.item[places], -1).tolist() == [[3, 0, -1], [0, 2, -1]]


def test_an_order_that_is_known_goes_before_times() -> None:
    data = rated([0, 1, 2], timestamp=np.array([5, 5, 5]))
    assert Histories.of(data, "x").item.tolist() == [0, 1, 2]


def test_ties_of_time_keep_their_order_when_other_ratings_are_left_out() -> None:
    """And are in no order of the items, over many ties."""
    draw = np.random.default_rng(0)
    histories = [draw.choice(50, 12, replace=False).tolist() for _ in range(40)]
    times = np.repeat(np.arange(1, 41), 12)
    data = rated(*histories, n_items=50, timestamp=times, order=None)
    whole = Histories.of(data, "x")
    some = Histories.of(data.of_ratings(data.item % 3 > 0), "x")
    assert whole.item[whole.item % 3 > 0].tolist() == some.item.tolist()
    rising = np.mean([a < b for one in whole.item.reshape(40, 12) for a, b in pairwise(one)])
    assert 0.4 < rising < 0.6


def test_transitions_by_hand() -> None:
    """Histories 0 1 2 and 0 2: from 0 to 1 once, to 2 once next and e⁻¹ as the second after.

    With reach 1, C₀ = (0, 1, 1 + e⁻¹), C₁ = (0, 0, 1); with μ = 1 the shares p of 1 and 2 are
    1 and 2 + e⁻¹ of 3 + e⁻¹. User 2 has rated 0, then 1: their score is T₁ + e⁻¹·T₀ at decay 1.
    """
    near = np.exp(-1)
    data = rated([0, 1, 2], [0, 2], n_items=3)
    model = fitted(transitions, data, next=2, reach=1, decay=1, damping=1, popularity=0)
    assert model.counts.toarray() == pytest.approx(
        np.array([[0, 1, 1 + near], [0, 0, 1], [0, 0, 0]])
    )
    share = np.array([0, 1, 2 + near]) / (3 + near)
    first, second = (np.array([0, 1, 1 + near]) + share) / (3 + near), (np.eye(3)[2] + share) / 2
    scores = model.score_from_ratings(Copies(data, np.array([0]), rated([0, 1], n_items=3)))
    assert scores[0] == pytest.approx(second + near * first, abs=2e-3)


def test_transitions_count_grades_of_both_sides() -> None:
    data = replace(rated([0, 1, 2], n_items=3), rating=np.array([5.0, 3.0, 4.0]))
    model = fitted(transitions, data, next=1, grades={5: 1, 3: 0.5, 1: 0})
    assert model.counts.toarray() == pytest.approx(np.array([[0, 0.5, 0], [0, 0, 0.375], [0] * 3]))


def test_transitions_divide_by_a_power_of_popularity() -> None:
    """Items 1 and 2 follow 0 equally often, but 1 follows 3 too."""
    data = rated([0, 1], [0, 2], [3, 1], [0])
    plain, divided = (
        fitted(transitions, data, popularity=power).score(np.array([3]))[0] for power in (0, 1)
    )
    assert plain[1] > plain[2]
    assert divided[2] > divided[1]


def test_transitions_rank_by_popularity_for_a_user_without_ratings() -> None:
    scores = fitted(transitions, rated([0, 2, 1], [3, 1], [])).score(np.array([2]))[0]
    assert np.argsort(-scores)[:2].tolist() == [1, 2]


CYCLE = 8


def cycles() -> list[list[int]]:
    """Three items of a cycle of eight, begun anywhere."""
    return [[(start + step) % CYCLE for step in range(3)] for start in range(CYCLE)] * 4


@pytest.mark.parametrize(
    ("module", "config"),
    [
        (transitions, {"next": 1, "last": 1}),
        (sasrec, {"epochs": 60, "batch": 8, "learning_rate": 0.02, "channels": 16, "sampled": 4}),
    ],
)
def test_the_next_item_of_a_cycle_is_ranked_first(module: Any, config: dict[str, Any]) -> None:
    data = rated(*cycles(), n_items=CYCLE)
    scores = fitted(module, data, **config).score(np.arange(CYCLE))
    assert scores.argmax(axis=1).tolist() == [(start + 3) % CYCLE for start in range(CYCLE)]


def network(n_items: int = 6) -> SasrecNetwork:
    torch.manual_seed(0)
    config = NetworkConfig(channels=8, heads=2, dropout=0.5, temperature=0.1, last=5)
    return SasrecNetwork(config, n_items).eval()


def test_a_state_has_read_what_comes_before_it_and_nothing_after() -> None:
    net = network()
    one, other = net(torch.tensor([[0, 1, 2, 3], [0, 1, 5, 4]]))
    assert torch.allclose(one[:3], other[:3], atol=1e-6)
    assert not torch.allclose(one[3], other[3], atol=1e-3)
    swapped = net(torch.tensor([[1, 0, 2, 3]]))[0]
    assert not torch.allclose(one[4], swapped[4], atol=1e-3)


def test_the_loss_over_all_items_is_cross_entropy() -> None:
    net, histories = network(), torch.tensor([[0, 1, 2], [3, 4, 0]])
    weight = torch.tensor([[1.0, 1.0, 1.0], [0.5, 1.0, 0.0]])
    logits = net(histories[:, :-1]) @ net.directions().T / 0.1
    each = torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), histories.flatten(), reduction="none"
    )
    wanted = (each * weight.flatten()).sum() / 4.5
    assert net.loss(histories, weight, torch.randperm(6)).item() == pytest.approx(
        wanted.item(), abs=1e-5
    )


def test_sampled_items_stand_for_all() -> None:
    """The mean loss over many samples is that over all items, nearly."""
    net = network(40)
    with torch.no_grad():
        histories, weight = torch.tensor([[0, 1, 2]]), torch.ones(1, 3)
        whole = net.loss(histories, weight, torch.arange(40)).item()
        some = [net.loss(histories, weight, torch.randperm(40)[:20]).item() for _ in range(300)]
    assert np.mean(some) == pytest.approx(whole, rel=0.05)


def test_long_histories_are_read_in_parts_and_each_rating_once() -> None:
    data = rated([0, 1, 2, 3, 4, 5, 6], [3], [], [1, 2, 3], n_items=7)
    model = sasrec.MODEL(sasrec.Config(last=3, batch=2), 7)
    model.read_ratings(data)
    batches = [
        (items[row][weight[row] > 0].tolist())
        for items, weight in model._batches()
        for row in range(len(items))
    ]
    assert sorted(batches) == [[0], [1, 2, 3], [1, 2, 3], [3], [4, 5, 6]]


def test_a_user_is_scored_from_their_last_items() -> None:
    data = rated([0, 1, 2, 3], [1, 2, 3], n_items=6)
    model = fitted(sasrec, data, epochs=2, last=3, channels=8)
    first, second = model.score(np.arange(2))
    assert first == pytest.approx(second, abs=1e-6)
