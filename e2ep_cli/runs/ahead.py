"""Fits of a run's matrix, many at once, before DVC comes to them and finds them done.

DVC runs one stage at a time. Here it makes what the fits need, the fits are spread over cores or a
cluster, and each is committed as DVC's own stage would be, so a run that was stopped repeats none.
"""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from e2ep_cli.project.places import items_of, output, pipeline, planned_stage
from e2ep_cli.runs.repro import Done, reproduce
from stages.contracts.plan import run_plan
from stages.core.log import aside
from stages.core.spread import is_on_cluster, slots
from stages.train.params import common_params

FITS = ("train", "train-shown")
"""Stages that fit one model on one split."""
_BEFORE = ("code", "prepare", "enrich", "profile", "embed")
"""Stages that come before every fit, by the first word of their names."""
_MANY = 6
"""Fits for which a machine without a cluster starts processes beside DVC's own."""


def is_spread(params: dict[str, Any], stages: list[str]) -> bool:
    """Whether the fits of this run go ahead of DVC: to a cluster always, here if there are many."""
    if stages and "train" not in stages:
        return False
    if is_on_cluster():
        return True
    plan = run_plan(params)
    fits = len(plan.models) * len(plan.splits)
    return fits >= _MANY and slots(common_params(params).threads) > 1


def fit_ahead(folder: Path, params: dict[str, Any], names: list[str]) -> Done:
    """Make what the fits need, then all fits that are not up to date; names: of all stages."""
    before = [name for name in names if _first_word(name) in _BEFORE]
    done = reproduce(folder, before, len(names)) if before else Done()
    if not done.code:
        _fit(folder, params, _stale(folder, params))
    return done


def _first_word(name: str) -> str:
    return name.partition("@")[0].partition("-")[0]


def _items(folder: Path, params: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Every fit of the matrix: DVC's name, the stage, and the item."""
    stages = pipeline(folder)
    for stage in FITS:
        for item in items_of(stages[stage], params):
            yield planned_stage(stage, item), stage, item


def _stale(folder: Path, params: dict[str, Any]) -> list[tuple[str, str, dict[str, str]]]:
    """The fits that DVC would make: neither up to date nor made before with the same inputs."""
    from dvc.stage.cache import RunCacheNotFoundError

    stale = []
    with _opened(folder) as repo:
        fits = list(_items(folder, params))
        changed = repo.status(targets=[name for name, *_ in fits]) if fits else {}
        for fit in fits:
            if fit[0] in changed:
                with repo.lock:
                    (stage,) = repo.stage.collect(fit[0])
                    stage.save_deps()
                    try:
                        repo.stage_cache.restore(stage, dry=True)
                    except RunCacheNotFoundError:
                        stale.append(fit)
    return stale


def _fit(
    folder: Path, params: dict[str, Any], stale: list[tuple[str, str, dict[str, str]]]
) -> None:
    if not stale:
        return
    from stages.train.fits import Made, write_made
    from stages.train.fitting.sources import Sources
    from stages.train.record import keep_record
    from stages.train.spreading import spread_fits

    dataset = str(params["dataset"])
    prepared, movies, items = (
        output(folder, stage, dataset=dataset) for stage in ("prepare", "enrich", "embed-items")
    )
    of = {(item["model"], item["split"]): (name, stage, item) for name, stage, item in stale}
    print(f"▸ {len(of)} fits, {slots(common_params(params).threads)} at once", flush=True)

    try:
        with _opened(folder) as repo:

            def write(model: str, split: str, result: Made) -> None:
                name, stage, item = of[model, split]
                out = output(folder, stage, **item)
                partial = out.with_name(f".{out.name}.partial")
                for place in (partial, out):
                    shutil.rmtree(place, ignore_errors=True)
                write_made(partial, result)
                partial.rename(out)
                repo.commit(name, force=True)
                keep_record(result.record, folder)

            sources = Sources(prepared, movies, items.parent)
            spread_fits(list(of), params, sources, "fits", write)
    except KeyboardInterrupt:
        aside("stopped; the same command continues from here")
        raise


@contextmanager
def _opened(folder: Path) -> Iterator[Any]:
    """DVC in a folder, which has to be the working directory for outputs to be its own."""
    from dvc.repo import Repo

    logging.getLogger("dvc").setLevel(logging.WARNING)
    before = Path.cwd()
    os.chdir(folder)
    try:
        with Repo(str(folder)) as repo:
            yield repo
    finally:
        os.chdir(before)
