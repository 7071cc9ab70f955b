"""The time and memory that the fits of a run will take, scaled from what earlier fits recorded."""

from dataclasses import dataclass
from math import ceil, log
from pathlib import Path
from typing import Any

from e2ep_cli.checks.diagnosis import Diagnosis
from e2ep_cli.checks.machine import memory, usable_cores
from stages.contracts.fits import FitRecord, Growth, read_fits
from stages.contracts.plan import RunPlan, run_plan
from stages.core.cache import cache_folder
from stages.data.dataset import Counts
from stages.data.manifest import counted, read_manifest
from stages.data.read import read_dataset
from stages.data.registry.entries import REGISTRY

_WHAT = "estimate"
_NO_FITS = (
    "no fit recorded yet, so time and memory are unknown; `e2ep run` on the sample records some"
)
_FITTED_SHARE = 0.8
"""Share of a data set's ratings that a fit sees, as in folds."""
_RULES: dict[Growth, str] = {
    "ratings": "ratings",
    "cells": "users × items",
    "items": "items³",
}


@dataclass(frozen=True)
class FitEstimate:
    """Seconds and peak bytes of one fit, and the recorded fit that they are scaled from."""

    seconds: float
    memory: float
    source: FitRecord


def check(folder: Path, params: dict[str, Any], dataset: str) -> list[Diagnosis]:
    """One row: seconds and peak memory of all fits that these parameters ask for."""
    records = list(read_fits(cache_folder(folder)))
    if not records:
        return [Diagnosis("note", _WHAT, _NO_FITS)]
    counts = _counts(folder / "data" / dataset)
    if counts is None:
        missing = f"time and memory are unknown until data/{dataset} is here"
        return [Diagnosis("note", _WHAT, missing)]
    plan, sections = run_plan(params), params["train"]
    estimates = {}
    for model in plan.every_model:
        epochs = (sections.get(model) or {}).get("epochs")
        if estimate := estimated_fit(records, model, dataset, counts, epochs):
            estimates[model] = estimate
    threads = (sections.get("common") or {}).get("threads", 1)
    return [summarized(plan, dataset, estimates, threads, usable_cores(), memory())]


def estimated_fit(
    records: list[FitRecord], model: str, dataset: str, counts: Counts, epochs: int | None
) -> FitEstimate | None:
    """A fit of `model` on a data set of this size, scaled from the nearest one that was recorded.

    The latest fit on the same data set is taken unscaled, except for `epochs`. None if the model
    has never been fitted.
    """
    own = [record for record in records if record.model == model]
    if not own:
        return None

    def growth(record: FitRecord) -> tuple[float, float]:
        """The factors by which time and memory grow from the recorded fit."""
        if record.dataset == dataset:
            return 1.0, 1.0
        if record.grows_with == "items":
            ratio = counts.movies / record.items
            return ratio**3, ratio**2
        if record.grows_with == "cells":
            ratio = counts.users * counts.movies / (record.users * record.items)
        else:
            ratio = _FITTED_SHARE * counts.ratings / record.ratings
        return ratio, ratio

    # Of equally near fits, the latest.
    nearest = min(reversed(own), key=lambda record: abs(log(growth(record)[0])))
    time, size = growth(nearest)
    rounds = epochs / nearest.epochs if epochs and nearest.epochs else 1.0
    grown_mb = size * max(nearest.peak_mb - nearest.base_mb, 0.0)
    return FitEstimate(
        seconds=nearest.seconds * time * rounds,
        memory=1e6 * (nearest.base_mb + grown_mb),
        source=nearest,
    )


def summarized(
    plan: RunPlan,
    dataset: str,
    estimates: dict[str, FitEstimate],
    threads: int,
    cores: int,
    available: float | None,
) -> Diagnosis:
    """The row: the total over all splits, each model, and whether the largest fit is too large.

    On further splits as many fits run at once as there are cores. available: bytes of memory.
    """
    unrecorded = [model for model in plan.every_model if model not in estimates]
    if not estimates:
        return Diagnosis("note", _WHAT, f"no fit of {', '.join(unrecorded)} recorded yet")
    at_once = max(1, min(cores // threads, len(plan.further.splits)))
    seconds, peaks = {}, {}
    for model, estimate in estimates.items():
        alone = len(plan.splits) if model in plan.models else 0
        beside = len(plan.further.splits) if model in plan.further.models else 0
        seconds[model] = estimate.seconds * (alone + ceil(beside / at_once))
        peaks[model] = estimate.memory * (at_once if beside else 1)
    largest = max(peaks, key=lambda model: peaks[model])
    has = "" if available is None else f" (of {available / 1e9:.1f} GB)"
    listed = ", ".join(f"{model} {spoken(value)}" for model, value in seconds.items())
    text = (
        f"fits on {dataset}: about {spoken(sum(seconds.values()))} and {peaks[largest] / 1e9:.1f} "
        f"GB{has}: {listed}; {_sources(dataset, estimates)}"
    )
    if unrecorded:
        text += f"; no fit recorded of {', '.join(unrecorded)}"
    if available is None or peaks[largest] <= available:
        return Diagnosis("fine", _WHAT, text)
    cure = f"take {largest} out of models in params.yaml"
    return Diagnosis("note", _WHAT, f"{text}; {largest} may not fit into memory", cure)


def spoken(seconds: float) -> str:
    """Seconds in words."""
    if seconds < 1:
        return "under 1 s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _sources(dataset: str, estimates: dict[str, FitEstimate]) -> str:
    """The fits that the numbers come from, and how they were scaled."""
    sources: dict[str, list[str]] = {}
    for model, estimate in estimates.items():
        record = estimate.source
        fits = f"the fits on {record.dataset} of {record.at:%Y-%m-%d}"
        if record.dataset == dataset:
            sources.setdefault(f"as in {fits}", []).append(model)
        else:
            by = f"scaled from {fits} by {_RULES[record.grows_with]}"
            sources.setdefault(by, []).append(model)
    if len(sources) == 1:
        return next(iter(sources))
    return "; ".join(f"{', '.join(models)} {source}" for source, models in sources.items())


def _counts(place: Path) -> Counts | None:
    """How much the data set holds; None if it is neither here nor a published one."""
    entry, manifest = REGISTRY.get(place.name), read_manifest(place)
    if manifest:
        return manifest.counts
    if entry and entry.counts:
        return entry.counts
    return counted(read_dataset(place)) if place.is_dir() else None
