"""The worst-off group counts more, and the groups' losses come closer."""

from typing import Any

import numpy as np
import pytest
import torch

from stages.core.errors import InputError
from stages.train.fitting.adam import AdamW
from stages.train.fitting.data import TrainingData
from stages.train.fitting.traits import AGES
from stages.train.models.e2ep.fairness import NO_GROUP, fair_loss, user_groups_by
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.loss import SoftmaxLoss
from stages.train.models.e2ep.prior import prior_of
from stages.train.models.e2ep.settings import Config
from tests.train.models.e2ep.networks import STILL, network_of

N_ITEMS, MEN, WOMEN = 30, 36, 12


@pytest.fixture(scope="module")
def data() -> TrainingData:
    """Men share a taste for ten of thirty items; the fewer women like anything."""
    draw = np.random.default_rng(5)
    lists = [draw.permutation(10)[:6] for _ in range(MEN)]
    lists += [draw.permutation(N_ITEMS)[:6] for _ in range(WOMEN)]
    n_users = MEN + WOMEN
    traits = np.zeros((n_users, len(AGES) + 2), dtype=np.float32)
    traits[:MEN, -1] = traits[MEN:, -2] = 1.0
    return TrainingData(
        np.repeat(np.arange(n_users), 6),
        np.concatenate(lists),
        np.full(6 * n_users, 5.0),
        n_users,
        N_ITEMS,
        np.zeros((n_users, 4), dtype=np.float32),
        traits=traits,
    )


def trained(data: TrainingData, **fairness: Any) -> tuple[dict[str, torch.Tensor], float]:
    """The parameters after some steps, and the gap of the two groups' losses."""
    config = Config(**STILL | {"channels": 8, "fairness": fairness, "text": False})
    network = network_of(data, config)
    prior = prior_of(data, item_features(data, config.text, config.components))
    softmax = SoftmaxLoss(config, network.graph, prior, data)
    optimizer = AdamW(network.parameters(), 0.02)
    for _ in range(40):
        softmax.epoch(network, optimizer)
    with torch.no_grad():
        men, women = (
            softmax.loss(network, torch.arange(*ends)).item()
            for ends in ((0, MEN), (MEN, MEN + WOMEN))
        )
    return network.state_dict(), women - men


def test_a_weight_of_zero_changes_no_byte(data: TrainingData) -> None:
    plain, gap = trained(data)
    for by in ("gender", "activity"):
        parameters, other = trained(data, weight=0.0, by=by)
        assert other == gap
        assert all(torch.equal(parameters[name], plain[name]) for name in plain)


def test_the_gap_between_the_groups_losses_narrows_as_the_weight_rises(
    data: TrainingData,
) -> None:
    gaps = [trained(data, weight=weight)[1] for weight in (0.0, 0.5, 1.0)]
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[2] < 0.7 * gaps[0]


def test_the_loss_by_hand() -> None:
    """Means: 2 of group 0, (1·1 + 3·5) / 4 = 4 of group 1, (2 + 1 + 15 + 9) / 6 of all."""
    missed, grade = torch.tensor([2.0, 1.0, 5.0, 9.0]), torch.tensor([1.0, 1.0, 3.0, 1.0])
    group = torch.tensor([0, 1, 1, NO_GROUP])
    mean = 27 / 6
    assert fair_loss(missed, grade, group, 0.0).item() == pytest.approx(mean)
    assert fair_loss(missed, grade, group, 0.25).item() == pytest.approx(0.75 * mean + 0.25 * 4)
    assert fair_loss(missed, grade, group, 1.0).item() == pytest.approx(4)


def test_a_batch_of_unknown_groups_has_the_mean() -> None:
    missed, grade = torch.tensor([2.0, 4.0]), torch.ones(2)
    assert fair_loss(missed, grade, torch.tensor([NO_GROUP] * 2), 1.0).item() == 3


def test_groups_are_by_gender_age_and_activity() -> None:
    traits = np.zeros((4, len(AGES) + 2), dtype=np.float32)
    traits[[0, 1, 2], [-1, -2, -1]] = 1
    traits[[0, 1, 3], [2, 2, 0]] = 1
    user = np.repeat(np.arange(4), [1, 2, 3, 4])
    data = TrainingData(user, np.arange(10), np.full(10, 5.0), 4, 10, traits=traits)
    assert user_groups_by("gender", data).tolist() == [1, 0, 1, NO_GROUP]
    assert user_groups_by("age", data).tolist() == [2, 2, NO_GROUP, 0]
    assert user_groups_by("activity", data).tolist() == [0, 1, 2, 3]


def test_a_trait_that_nobody_has_is_named_with_a_way_out() -> None:
    data = TrainingData(np.zeros(1, int), np.zeros(1, int), np.ones(1), 1, 1)
    with pytest.raises(InputError, match=r"fairness.by is gender, which no user .*activity"):
        user_groups_by("gender", data)
