"""e2ep trained by two workers of a Ray cluster on this machine."""

import os
import signal
import time
import uuid
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from stages.core.seeds import derived_seed
from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.arrivals import arrivals
from stages.train.models.e2ep.division.workers import Look, Task, looks_of_workers
from stages.train.models.e2ep.features import item_features
from stages.train.models.e2ep.prior import prior_of
from stages.train.models.e2ep.settings import Config
from stages.train.models.e2ep.training import Training
from tests.train.models.e2ep.networks import STILL

pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="the extra `cluster` is missing")

CONFIG = Config(channels=8, members=2, every=2, later=0.1, **STILL)
EPOCHS = 6


@pytest.fixture(scope="module")
def mark() -> Iterator[str]:
    """A cluster of two CPUs; returns what marks its processes."""
    import ray

    marked = f"E2EP_TEST_MARK={uuid.uuid4()}"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(*marked.split("="))
        environment.setenv("RAY_USAGE_STATS_ENABLED", "0")
        environment.setenv("RAY_AUTH_MODE", "disabled")
        ray.init(
            num_cpus=2,
            include_dashboard=False,
            object_store_memory=100_000_000,
            logging_level="error",
            log_to_driver=False,
        )
        yield marked
        ray.shutdown()


def looks(data: TrainingData) -> Iterator[Look]:
    """Every epoch is saved."""
    features = item_features(data, CONFIG.text, CONFIG.components)
    prior, arrived = prior_of(data, features), arrivals(data)
    task = Task(CONFIG, features, prior, arrived, 7, EPOCHS, workers=2, saved_every=0.0)
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


@pytest.mark.usefixtures("mark")
def test_two_workers_learn_what_one_process_learns(tiny: TrainingData) -> None:
    """In a step that sees the whole graph; the user without ratings is among them."""
    found = list(looks(replace(tiny, user_text=None)))
    assert [look.epoch for look in found] == [2, 4, 6]
    same(found[-1], alone(tiny)[-1])


def test_a_killed_worker_costs_no_more_than_what_was_not_saved(
    tiny: TrainingData, mark: str
) -> None:
    """The workers start again, and end where they would have ended."""
    iterator = looks(tiny)
    assert next(iterator).epoch == 2
    os.kill(workers_of(mark)[0], signal.SIGKILL)
    found = list(iterator)
    assert [look.epoch for look in found] == [4, 6]
    same(found[-1], alone(tiny)[-1])


def test_whoever_has_seen_enough_ends_the_training(tiny: TrainingData, mark: str) -> None:
    iterator: Any = looks(tiny)
    next(iterator)
    iterator.close()
    for _ in range(100):
        if not workers_of(mark):
            break
        time.sleep(0.1)
    assert not workers_of(mark)


def workers_of(mark: str) -> list[int]:
    """Processes of Ray Train's workers in the cluster with this mark."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            title, environment = ((place / name).read_bytes() for name in ("cmdline", "environ"))
        except OSError:
            continue
        if b"TrainWorker" in title and mark.encode() in environment:
            found.append(int(place.name))
    return found
