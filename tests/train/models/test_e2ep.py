"""The project's own model: its settings, its scores and what it learns."""

import numpy as np
import pytest
import torch

from stages.core.errors import ParamError
from stages.core.params import check_section
from stages.train.data import TrainingData
from stages.train.model import Watch
from stages.train.models.e2ep import Config, E2ep, Network


def test_heads_that_do_not_split_the_channels_are_refused() -> None:
    with pytest.raises(ParamError, match=r"train\.e2ep\.heads in params\.yaml is 3: .*128 channels"):
        check_section("train.e2ep", {"channels": 128, "heads": 3}, Config)


def test_fewer_epochs_than_between_looks_still_give_a_look(tiny: TrainingData) -> None:
    watch = Watch(validate=lambda score: 0.5)
    E2ep(Config(epochs=3, every=5), 7).fit(tiny, watch)
    assert [epoch for epoch, *_ in watch.curve] == [3]


def test_validation_is_looked_at_every_few_epochs_and_at_the_last(tiny: TrainingData) -> None:
    watch = Watch(validate=lambda score: 0.5)
    E2ep(Config(epochs=7, every=3), 7).fit(tiny, watch)
    assert [epoch for epoch, *_ in watch.curve] == [3, 6, 7]


def test_scores_are_cosine_over_temperature_plus_the_bias(tiny: TrainingData) -> None:
    model = E2ep(Config(channels=8, epochs=2, temperature=0.5), 7)
    model.fit(tiny, Watch())
    users, items = (vectors.numpy() for vectors in (model.user_vectors, model.item_vectors))
    assert np.linalg.norm(users, axis=1) == pytest.approx(np.ones(7), abs=1e-6)
    assert model.score(np.arange(7)) == pytest.approx(users @ items.T / 0.5 + model.bias.numpy(), abs=1e-5)


def test_bias_begins_with_the_log_of_the_likes(tiny: TrainingData) -> None:
    likes = np.bincount(tiny.item[tiny.rating >= 4], minlength=tiny.n_items)
    assert Network(Config(), tiny).bias.detach().numpy() == pytest.approx(np.log1p(likes))


def test_training_lowers_the_loss(tiny: TrainingData) -> None:
    watch = Watch(validate=lambda score: 0.5)
    E2ep(Config(channels=16, epochs=40, every=1, patience=40), 7).fit(tiny, watch)
    losses = [loss for _, loss, _ in watch.curve]
    assert np.mean(losses[-5:]) < np.mean(losses[:5]) - 0.1


def test_without_text_the_profiles_change_nothing(tiny: TrainingData) -> None:
    bare = TrainingData(tiny.user, tiny.item, tiny.rating, tiny.n_users, tiny.n_items)
    models = [E2ep(Config(epochs=2, text=False), 7) for _ in range(2)]
    for model, data in zip(models, (tiny, bare), strict=True):
        model.fit(data, Watch())
    assert np.array_equal(models[0].score(np.arange(7)), models[1].score(np.arange(7)))


def test_the_order_of_the_ratings_changes_nothing_in_the_messages(tiny: TrainingData) -> None:
    order = np.random.default_rng(1).permutation(len(tiny.user))
    mixed = TrainingData(tiny.user[order], tiny.item[order], tiny.rating[order], 7, 9, tiny.user_text, tiny.item_text)
    outputs = []
    for data in (tiny, mixed):
        torch.manual_seed(0)
        network = Network(Config(channels=8), data).eval()
        outputs.append(torch.cat(network(torch.ones(len(order), dtype=torch.bool))))
    assert torch.allclose(outputs[0], outputs[1], atol=1e-6)
