"""The time and memory that the fits of a run will take, scaled from what earlier fits recorded."""

from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from e2ep_cli.checks.diagnosis import Diagnosis
from e2ep_cli.checks.machine import memory
from e2ep_cli.project.checking import check_params
from stages.contracts.fits import FitRecord, read_fits, settings_digest
from stages.contracts.plan import RunPlan, run_plan
from stages.core.cache import cache_folder
from stages.core.device import Device
from stages.core.params import check_section
from stages.core.threads import cores
from stages.data.dataset import Counts
from stages.data.manifest import counted, read_manifest
from stages.data.read import read_dataset
from stages.data.registry.entries import REGISTRY
from stages.train.fitting.named import model_module
from stages.train.params import CommonParams

_WHAT = "estimate"
_NO_FITS = (
    "no fit recorded yet, so time and memory are unknown; `e2ep run` on the sample records some"
)
_FITTED_SHARE = 0.8
"""Share of a data set's ratings that a fit sees, as in folds."""
_SAME = 1.1
"""Data that differ by less than this factor count as equally large."""
_FAR = 10.0
"""Beyond this factor an estimate is an order of magnitude."""
_RULES = {"ratings": "ratings", "cells": "users × items", "items": "items³"}


@dataclass(frozen=True)
class Wanted:
    """A fit that is to be estimated: the model, its settings, and the size of the data."""

    model: str
    counts: Counts
    epochs: int | None
    settings: str
    threads: int
    device: Device = "cpu"


@dataclass(frozen=True)
class FitEstimate:
    """Seconds and peak bytes of one fit, and the recorded fit that they are scaled from.

    memory: None where it was not recorded. factor: by how much the work or the ratings differ from
    the recorded fit, at least 1. alike: whether settings, threads and device are the same.
    """

    seconds: float
    memory: float | None
    source: FitRecord
    factor: float
    alike: bool


def check(folder: Path, params: dict[str, Any], dataset: str) -> list[Diagnosis]:
    """One row: seconds and peak memory of all fits that these parameters ask for."""
    check_params(params)
    records = list(read_fits(cache_folder(folder)))
    if not records:
        return [Diagnosis("note", _WHAT, _NO_FITS)]
    counts = _counts(folder / "data" / dataset)
    if counts is None:
        missing = f"time and memory are unknown until data/{dataset} is here"
        return [Diagnosis("note", _WHAT, missing)]
    plan, sections = run_plan(params), params["train"]
    common = check_section("train.common", sections["common"] or {}, CommonParams)
    threads, device = common.threads, common.device
    estimates = {}
    for model in plan.every_model:
        section = sections.get(model)
        epochs, settings = _epochs(model, section), settings_digest(section)
        wanted = Wanted(model, counts, epochs, settings, threads, device)
        if estimate := estimated_fit(records, wanted):
            estimates[model] = estimate
    return [summarized(plan, dataset, estimates, threads, cores(), memory())]


def _epochs(model: str, section: Any) -> int | None:
    """The epochs in a model's section; a ParamError where they or the section cannot be right."""
    named = section is None or isinstance(section, dict)
    epochs = (section or {}).get("epochs") if named else None
    if named and (epochs is None or (isinstance(epochs, int) and epochs > 0)):
        return epochs
    # Only now, as importing a model may import torch.
    config = check_section(f"train.{model}", section, model_module(model).Config)
    return getattr(config, "epochs", None)


def estimated_fit(records: list[FitRecord], wanted: Wanted) -> FitEstimate | None:
    """A fit scaled from a recorded one of the same model; None where there is none.

    Of those within a factor of ten, or else of all, it is the latest of the nearest in size among
    those with equal settings, if there are any.
    """
    own = [_scaled(record, wanted) for record in records if record.model == wanted.model]
    # min keeps the first of equals: the latest.
    return min(
        reversed(own),
        key=lambda fit: (fit.factor > _FAR, not fit.alike, fit.factor),
        default=None,
    )


def _scaled(record: FitRecord, wanted: Wanted) -> FitEstimate:
    """A recorded fit, scaled to the data and the epochs that are wanted."""
    counts, growth = wanted.counts, record.growth
    ratings = _FITTED_SHARE * counts.ratings
    by = {
        "ratings": ratings / record.ratings,
        "cells": counts.users * counts.movies / (record.users * record.items),
        "items": (counts.movies / record.items) ** 3,
    }
    time = by[growth.time]
    factor = max(time, 1 / time, by["ratings"], 1 / by["ratings"])
    rounds = wanted.epochs / record.epochs if wanted.epochs and record.epochs else 1.0
    peak = None
    if record.peak_mb is not None:
        grown = growth.fit_bytes(counts.users, counts.movies, ratings)
        grown -= growth.fit_bytes(record.users, record.items, record.ratings)
        peak = 1e6 * record.peak_mb + max(grown, 0.0)
    alike = (record.settings, record.threads) == (wanted.settings, wanted.threads)
    alike = alike and wanted.device in ("auto", record.device)
    return FitEstimate(record.seconds * time * rounds, peak, record, factor, alike)


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
        alone += len(plan.shown.splits) if model in plan.bases else 0
        beside = len(plan.further.splits) if model in plan.further.models else 0
        seconds[model] = estimate.seconds * (alone + ceil(beside / at_once))
        if estimate.memory is not None:
            peaks[model] = estimate.memory * (at_once if beside else 1)
    about = "roughly" if any(fit.factor > _FAR for fit in estimates.values()) else "about"
    text = f"fits on {dataset}: {about} {spoken(sum(seconds.values()))}"
    largest = max(peaks, key=lambda model: peaks[model], default=None)
    if largest is not None:
        has = "" if available is None else f" (of {available / 1e9:.1f} GB)"
        text += f" and {peaks[largest] / 1e9:.1f} GB{has}"
    listed = ", ".join(f"{model} {spoken(value)}" for model, value in seconds.items())
    text += f": {listed}; {_sources(estimates)}"
    if unrecorded:
        text += f"; no fit recorded of {', '.join(unrecorded)}"
    too_large = [
        model
        for model, peak in peaks.items()
        if available is not None and peak > available and estimates[model].factor <= _FAR
    ]
    if not too_large:
        return Diagnosis("fine", _WHAT, text)
    names = ", ".join(too_large)
    cure = f"take {names} out of models in params.yaml"
    return Diagnosis("note", _WHAT, f"{text}; {names} may not fit into memory", cure)


def spoken(seconds: float) -> str:
    """Seconds in words."""
    if seconds < 1:
        return "under 1 s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _sources(estimates: dict[str, FitEstimate]) -> str:
    """Which fits the numbers come from, and what they were scaled by."""
    sources: dict[str, list[str]] = {}
    for model, estimate in estimates.items():
        record = estimate.source
        source = f"the fits on {record.dataset} of {record.at:%Y-%m-%d}"
        if estimate.factor < _SAME:
            source = f"as in {source}"
        else:
            source = f"scaled from {source} by {_RULES[record.growth.time]}"
        if not estimate.alike:
            source += " with other settings"
        if estimate.factor > _FAR:
            source += ", an order of magnitude only"
        sources.setdefault(source, []).append(model)
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
