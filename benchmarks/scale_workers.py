"""What each of several workers that train one graph holds, and how long its steps take."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from machine import apart, peak_mb
from made_up_ratings import SEED, Size, read, share_of

FEATURES = "features.npy"


def with_workers(
    workers: int, size: Size, folder: Path, steps: int, threads: int
) -> dict[str, Any]:
    """The median of a step, and the greatest peak of a worker; each has some users.

    threads: of all workers together. A worker is given the items' features, as in a run.
    """
    meet = folder / f"meet-{workers}"
    if not (folder / FEATURES).exists():
        apart(_features, size, folder)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        work = [
            pool.submit(_worker, rank, workers, size, folder, meet, steps, threads // workers)
            for rank in range(workers)
        ]
        found = [one.result() for one in work]
    return {
        "step_seconds": round(max(one["step_seconds"] for one in found), 3),
        "look_seconds": round(max(one["look_seconds"] for one in found), 3),
        "peak_mb": max(one["peak_mb"] for one in found),
        "imports_mb": min(one["imports_mb"] for one in found),
        "ratings": [one["ratings"] for one in found],
    }


def ray_mb() -> float:
    """What a worker that Ray Train starts imports beside what `_worker` does."""
    import torch  # noqa: F401

    import stages.train.models.e2ep.training  # noqa: F401

    before = peak_mb()
    import ray.train.torch  # noqa: F401

    return round(peak_mb() - before, 1)


def _features(size: Size, folder: Path) -> None:
    from stages.core.params import load_section
    from stages.train.models.e2ep.features import item_features
    from stages.train.models.e2ep.settings import Config

    settings = load_section("train.e2ep", Config)
    features = item_features(read(size, folder), settings.text, settings.components)
    np.save(folder / FEATURES, features)


def _worker(
    rank: int, workers: int, size: Size, folder: Path, meet: Path, steps: int, threads: int
) -> dict[str, Any]:
    import torch
    import torch.distributed as dist
    from scale_clocks import Record, stepped

    from stages.core.params import load_section
    from stages.train.models.e2ep.division.alone import BY_ITSELF
    from stages.train.models.e2ep.division.divided import Divided
    from stages.train.models.e2ep.prior import prior_of
    from stages.train.models.e2ep.settings import Config
    from stages.train.models.e2ep.training import Training

    torch.set_num_threads(threads)
    torch.manual_seed(SEED)
    imports, others = peak_mb(), BY_ITSELF
    data, features = share_of(size, folder, rank, workers), np.load(folder / FEATURES)
    if workers > 1:
        dist.init_process_group("gloo", f"file://{meet}", rank=rank, world_size=workers)
        others = Divided(torch.Generator().manual_seed(rank), len(data.user))
    settings = load_section("train.e2ep", Config).model_copy(update={"members": 1})
    prior = prior_of(data, features)
    arrived = np.zeros(size.items, dtype=np.int64)
    training = Training(settings, data, features, prior, others, arrived)
    record = Record({})
    seconds = stepped(training.networks[0], training.loss, 1 + steps)[0, 1:]
    record.timed("look", training.networks[0].learned)
    return {
        "step_seconds": float(median(seconds)),
        "look_seconds": record.figures["look_seconds"],
        "peak_mb": peak_mb(),
        "imports_mb": imports,
        "ratings": len(data.user),
    }
