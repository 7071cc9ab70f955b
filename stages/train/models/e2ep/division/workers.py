"""e2ep's networks trained by several workers of a Ray cluster.

Ray Train starts the workers, brings their processes together (gloo, on GPUs nccl) and starts all of
them again when one is lost. No disk is shared: a keeper, an actor beside the driver, hands out the
users' ratings, keeps the last state that all workers have saved, from which they continue, and
passes on what they have learned whenever the caller looks.
"""

import os
import tempfile
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from stages.core.cluster import ray_connected
from stages.core.errors import E2epError
from stages.core.seeds import derived_seed
from stages.core.spread import ADDRESS
from stages.train.fitting.data import TrainingData
from stages.train.models.e2ep.division.divided import (
    Divided,
    check_divisible,
    divided_users,
    ratings_of_share,
)
from stages.train.models.e2ep.prior import Prior
from stages.train.models.e2ep.settings import Config
from stages.train.models.e2ep.training import Look, Training

OF_USERS = ("refined", "users")
"""Arrays whose rows are a worker's own users."""
SAVED_EVERY = 180.0
"""Seconds after which an epoch's end is saved."""
FAILURES = 3
"""How often the workers are started again."""
WAIT = 1.0
"""Seconds between looks at whether training has failed."""


@dataclass(frozen=True)
class SharedTraining:
    """What every worker is given.

    features: (items, columns). arrived: `arrivals` of all ratings. last: epochs at most. threads:
    of torch, each on a CPU that Ray keeps free. saved_every: seconds.
    """

    config: Config
    features: np.ndarray
    prior: Prior
    arrived: np.ndarray
    seed: int
    last: int
    workers: int
    threads: int = 1
    saved_every: float = SAVED_EVERY


class Keeper:
    """What workers and driver tell each other; methods never wait, so that none blocks another."""

    def __init__(self, task: SharedTraining, shares: list[Any]) -> None:
        """shares: references to the ratings of each worker's users."""
        self.task, self.shares = task, shares
        self.saving: dict[int, tuple[int, Any]] = {}
        self.saved: dict[int, tuple[int, Any]] = {}
        self.looks: dict[int, Look] = {}
        self.answered_epochs: set[int] = set()
        self.over = False

    def given(self, rank: int) -> tuple[SharedTraining, Any, tuple[int, Any] | None]:
        """What is trained, ratings, and the state to continue from, as a worker begins."""
        self.saving.clear()
        self.looks.pop(rank, None)
        return self.task, self.shares[rank], self.saved.get(rank)

    def save(self, rank: int, epoch: int, state: Any) -> None:
        """Keep a state; it counts once all workers have saved theirs."""
        self.saving[rank] = epoch, state
        epochs = {one for one, _ in self.saving.values()}
        if len(self.saving) == len(self.shares) and len(epochs) == 1:
            self.saved, self.saving = self.saving, {}

    def show(self, rank: int, look: Look) -> None:
        """Show the driver what a worker has learned."""
        self.looks[rank] = look

    def seen(self) -> list[Look] | None:
        """The looks of all workers at the same epoch, in their order, if nobody has answered it."""
        looks = [self.looks[rank] for rank in sorted(self.looks)]
        if len(looks) < len(self.shares) or len({look.epoch for look in looks}) > 1:
            return None
        return None if looks[0].epoch in self.answered_epochs else looks

    def proceed(self, epoch: int) -> None:
        """Let training continue after this epoch."""
        self.answered_epochs.add(epoch)

    def end(self) -> None:
        """End the training where the workers look next."""
        self.over = True

    def answered(self, epoch: int) -> bool | None:
        """The driver's answer, if there is one."""
        return False if self.over else epoch in self.answered_epochs or None


def looks_of_workers(task: SharedTraining, data: TrainingData) -> Iterator[Look]:
    """Train on all users' ratings; yields after every few epochs what has been learned.

    Whoever closes the iterator ends the training.
    """
    ray = ray_connected(os.environ[ADDRESS])
    check_divisible(task.config)
    shares = [ratings_of_share(data, users) for users in divided_users(data, task.workers)]
    keeper = ray.remote(num_cpus=0)(Keeper).remote(task, [ray.put(one) for one in shares])
    pool = ThreadPoolExecutor(1)
    trained = pool.submit(_trained, keeper, task, data.device)
    epoch = 0
    try:
        while epoch < task.last:
            looks = _next_looks(keeper, trained)
            epoch = looks[0].epoch
            yield Look(epoch, looks[0].loss, _together([look.learned for look in looks]))
            ray.get(keeper.proceed.remote(epoch))
    finally:
        ray.get(keeper.end.remote())
        trained.exception()
        pool.shutdown()
        ray.kill(keeper)


def _trained(keeper: Any, task: SharedTraining, device: str) -> None:
    from ray.train import FailureConfig, RunConfig, ScalingConfig
    from ray.train.torch import TorchConfig, TorchTrainer

    gpu = device == "cuda"
    with tempfile.TemporaryDirectory() as folder:
        TorchTrainer(
            work,
            train_loop_config={"keeper": keeper},
            scaling_config=ScalingConfig(
                num_workers=task.workers,
                use_gpu=gpu,
                resources_per_worker={"CPU": task.threads, **({"GPU": 1} if gpu else {})},
            ),
            run_config=RunConfig(
                storage_path=folder, failure_config=FailureConfig(max_failures=FAILURES)
            ),
            torch_config=TorchConfig(backend="nccl" if gpu else "gloo"),
        ).fit()


def _next_looks(keeper: Any, trained: "Future[None]") -> list[Look]:
    import ray

    while True:
        if looks := ray.get(keeper.seen.remote()):
            return looks  # type: ignore[no-any-return]
        if trained.done():
            error = trained.exception()
            raise E2epError(f"training on several workers ended: {error}") from error
        time.sleep(WAIT / 10)


def _together(learned: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """The arrays of all users; those of items are the same on every worker."""
    return learned[0] | {name: np.concatenate([one[name] for one in learned]) for name in OF_USERS}


def work(config: dict[str, Any]) -> None:
    """What each worker does."""
    import ray
    from ray.train import get_context

    rank, keeper = get_context().get_world_rank(), config["keeper"]
    # Ray's arrays cannot be written to, which nobody does.
    warnings.filterwarnings("ignore", "The given NumPy array is not writable")
    task, own, saved = ray.get(keeper.given.remote(rank))
    data = ray.get(own)
    torch.set_num_threads(task.threads)
    draws = torch.Generator(data.device).manual_seed(derived_seed(task.seed, f"worker-{rank}"))
    torch.manual_seed(derived_seed(task.seed, "e2ep"))
    features, others = task.features.copy(), Divided(draws, len(data.user))
    training = Training(task.config, data, features, task.prior, others, task.arrived)
    first = 1
    if saved is not None:
        first, state = saved[0] + 1, saved[1]
        training.resume(state)
    since = time.monotonic()
    for epoch in range(first, task.last + 1):
        loss = training.epoch()
        late = torch.tensor(float(rank == 0 and time.monotonic() - since >= task.saved_every))
        if others.total(late.to(data.device)).item():
            ray.get(keeper.save.remote(rank, epoch, training.state()))
            since = time.monotonic()
        if epoch % task.config.every and epoch != task.last:
            continue
        ray.get(keeper.show.remote(rank, Look(epoch, loss, training.learned())))
        while (may_continue := ray.get(keeper.answered.remote(epoch))) is None:
            time.sleep(WAIT / 10)
        if not may_continue:
            return
