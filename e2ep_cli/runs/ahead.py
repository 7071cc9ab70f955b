"""Fits of a run's matrix, many at once, before DVC comes to them and finds them done.

DVC runs one stage at a time. Here it makes what the fits need, the fits are spread over cores or a
cluster, and each is committed as DVC's own stage would be, so a run that was stopped repeats none.
"""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2ep_cli.project.places import items_of, output, pipeline, planned_stage
from e2ep_cli.runs.repro import Done, reproduce
from stages.contracts.plan import run_plan
from stages.core.log import aside
from stages.core.spread import graph_workers, is_on_cluster, slots
from stages.train.params import common_params

FITS = ("train", "train-shown")
"""Stages that fit one model on one split."""
_BEFORE = ("code", "prepare", "enrich", "profile", "embed")
"""Stages that come before every fit, by the first word of their names."""
_MANY = 6
"""Fits for which a machine without a cluster starts processes beside DVC's own."""


def is_spread(params: dict[str, Any], stages: list[str]) -> bool:
    """Whether the fits of this run go ahead of DVC: to a cluster always, here if there are many.

    They do not where a fit itself takes several workers of the cluster.
    """
    if (stages and "train" not in stages) or graph_workers() > 1:
        return False
    if is_on_cluster():
        return True
    plan = run_plan(params)
    fits = len(plan.models) * len(plan.splits)
    return fits >= _MANY and slots(common_params(params).threads) > 1


def fit_ahead(folder: Path, params: dict[str, Any], names: list[str]) -> Done:
    """Make what the fits need, then the fits that are not up to date; names: of their stages."""
    before = [name for name in names if name.partition("@")[0].partition("-")[0] in _BEFORE]
    done = reproduce(folder, before, len(names)) if before else Done()
    if not done.code:
        try:
            with _opened(folder) as repo:
                done.seconds = _fit(folder, params, repo, _stale(folder, params, repo, names))
        except KeyboardInterrupt:
            aside("stopped; the same command continues from here")
            raise
    return done


def stages_behind(folder: Path, targets: list[str]) -> list[str]:
    """The names of these stages and of all that they need."""
    with _opened(folder) as repo:
        behind = (repo.stage.collect(target, with_deps=True) for target in targets)
        return sorted({stage.name for stages in behind for stage in stages})


@dataclass(frozen=True)
class _Fit:
    """A fit of the matrix: its model and split, its folder, and DVC's stage."""

    model: str
    split: str
    out: Path
    stage: Any


def _stale(folder: Path, params: dict[str, Any], repo: Any, names: list[str]) -> list[_Fit]:
    """The fits of `names` that DVC would make: neither up to date nor made before of the same.

    Those made before are brought back from DVC's cache, as DVC itself would do. One that lacks an
    input is left to DVC, which says so.
    """
    from dvc.dependency.base import DependencyDoesNotExistError
    from dvc.stage.cache import RunCacheNotFoundError

    stages = pipeline(folder)
    fits = {
        planned_stage(stage, item): (item, output(folder, stage, **item))
        for stage in FITS
        for item in items_of(stages[stage], params)
        if planned_stage(stage, item) in names
    }
    changed = repo.status(targets=list(fits)) if fits else {}
    stale = []
    with repo.lock:
        for name, (item, out) in fits.items():
            if name not in changed:
                continue
            (stage,) = repo.stage.collect(name)
            try:
                repo.stage_cache.restore(stage)
            except RunCacheNotFoundError:
                stale.append(_Fit(item["model"], item["split"], out, stage))
            except (DependencyDoesNotExistError, FileNotFoundError):
                continue
    return stale


def _fit(
    folder: Path, params: dict[str, Any], repo: Any, stale: list[_Fit]
) -> dict[tuple[str, str], float]:
    """Make them; seconds by model and split."""
    seconds: dict[tuple[str, str], float] = {}
    if not stale:
        return seconds
    from stages.train.fits import Made, write_made
    from stages.train.fitting.sources import Sources
    from stages.train.record import keep_record
    from stages.train.spreading import spread_fits

    dataset = str(params["dataset"])
    prepared, movies, items = (
        output(folder, stage, dataset=dataset) for stage in ("prepare", "enrich", "embed-items")
    )
    fits = {(fit.model, fit.split): fit for fit in stale}
    kept: list[Any] = []
    print(f"▸ {len(fits)} fits, {slots(common_params(params).threads)} at once", flush=True)

    def write(model: str, split: str, result: Made) -> None:
        fit = fits[model, split]
        partial = fit.out.with_name(f".{fit.out.name}.partial")
        for place in (partial, fit.out):
            shutil.rmtree(place, ignore_errors=True)
        write_made(partial, result)
        partial.rename(fit.out)
        # From now on it is in DVC's cache, where it is found whatever happens to this process.
        with repo.lock:
            fit.stage.save()
            fit.stage.commit()
        kept.append(fit.stage)
        seconds[model, split] = result.record.seconds
        keep_record(result.record, folder)

    try:
        sources = Sources(prepared, movies, items.parent)
        spread_fits(list(fits), params, sources, "fits", write)
    finally:
        # All at once, since each time dvc.lock is read and written as a whole.
        if kept:
            with repo.lock:
                kept[0].dvcfile.dump_stages(kept, update_pipeline=False)
    return seconds


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
