"""e2ep trained by two workers of a Ray cluster on this machine."""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks.ray_nodes import RayNodes
from stages.core.errors import InputError
from stages.core.seeds import derived_seed
from stages.core.spread import ADDRESS, GRAPH_WORKERS
from stages.train.fitting.data import TrainingData
from stages.train.fitting.model import Watch
from stages.train.models.e2ep.arrivals import arrivals
from stages.train.models.e2ep.division.workers import SharedTraining, looks_of_workers
from stages.train.models.e2ep.e2ep import E2ep
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.prior import prior_of
from stages.train.models.e2ep.settings import Config
from stages.train.models.e2ep.training import Look, Training
from tests.train.models.e2ep.networks import STILL

pytestmark = pytest.mark.ray

CONFIG = Config(channels=8, members=2, every=2, later=0.1, **STILL)
EPOCHS = 6


def looks(data: TrainingData) -> Iterator[Look]:
    """Every epoch is saved."""
    features = item_features(data, CONFIG.text, CONFIG.components)
    prior, arrived = prior_of(data, features), arrivals(data)
    task = SharedTraining(CONFIG, features, prior, arrived, 7, EPOCHS, workers=2, saved_every=0.0)
    return looks_of_workers(task, data)


def alone(data: TrainingData) -> list[Look]:
    features = item_features(data, CONFIG.text, CONFIG.components)
    torch.manual_seed(derived_seed(7, "e2ep"))
    training = Training(CONFIG, data, features, prior_of(data, features))
    losses = [training.epoch() for _ in range(EPOCHS)]
    return [Look(EPOCHS, losses[-1], training.learned())]


def same(found: Look, expected: Look) -> None:
    assert (found.epoch, found.loss) == (expected.epoch, pytest.approx(expected.loss, rel=1e-4))
    assert set(found.learned) == set(expected.learned)
    for name, array in expected.learned.items():
        np.testing.assert_allclose(found.learned[name], array, atol=2e-3, err_msg=name)


@pytest.mark.usefixtures("cluster")
def test_two_workers_learn_what_one_process_learns(tiny: TrainingData) -> None:
    """In a step that sees the whole graph; the user without ratings is among them."""
    found = list(looks(replace(tiny, user_text=None)))
    assert [look.epoch for look in found] == [2, 4, 6]
    same(found[-1], alone(tiny)[-1])


def test_a_killed_worker_costs_no_more_than_what_was_not_saved(
    tiny: TrainingData, cluster: RayNodes
) -> None:
    """The workers start again, and end where they would have ended."""
    iterator = looks(tiny)
    assert next(iterator).epoch == 2
    os.kill(workers_of(cluster)[0], signal.SIGKILL)
    found = list(iterator)
    assert [look.epoch for look in found] == [4, 6]
    same(found[-1], alone(tiny)[-1])


def test_whoever_has_seen_enough_ends_the_training(tiny: TrainingData, cluster: RayNodes) -> None:
    iterator: Any = looks(tiny)
    next(iterator)
    iterator.close()
    for _ in range(100):
        if not workers_of(cluster):
            break
        time.sleep(0.1)
    assert not workers_of(cluster)


@pytest.mark.usefixtures("cluster")
def test_a_fit_by_two_workers_is_the_fit_of_one(
    tiny: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    def scores() -> np.ndarray:
        model = E2ep(CONFIG, 7)
        model.fit(replace(tiny, user_text=None), Watch(last_epoch=EPOCHS))
        return model.score(np.arange(tiny.n_users))

    expected = scores()
    monkeypatch.setenv(GRAPH_WORKERS, "2")
    np.testing.assert_allclose(scores(), expected, atol=1e-2)


def test_workers_without_a_cluster_are_refused(
    tiny: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(GRAPH_WORKERS, "2")
    monkeypatch.delenv(ADDRESS, raising=False)
    with pytest.raises(InputError, match="no cluster is named"):
        E2ep(CONFIG, 7).fit(tiny, Watch(last_epoch=1))
    monkeypatch.setenv(GRAPH_WORKERS, "two")
    with pytest.raises(InputError, match="E2EP_GRAPH_WORKERS is 'two'"):
        E2ep(CONFIG, 7).fit(tiny, Watch(last_epoch=1))


def workers_of(cluster: RayNodes) -> list[int]:
    """Processes of Ray Train's workers in the cluster, which alone knows its token."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            title, environment = ((place / name).read_bytes() for name in ("cmdline", "environ"))
        except OSError:
            continue
        if b"TrainWorker" in title and cluster.token.encode() in environment:
            found.append(int(place.name))
    return found
