"""The time and memory that a run on the data set will take, against what the machine has. An estimate."""

from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from e2ep_cli.checks import needs
from e2ep_cli.checks.diagnosis import Diagnosis
from e2ep_cli.checks.machine import cores, memory
from stages.contracts.splits import further

if TYPE_CHECKING:
    from stages.data.dataset import Counts

WHAT = "estimate"
WORTH_NAMING = 300.0
"""Seconds a split from which a model is named though it is not listed."""


def check(folder: Path, params: dict[str, Any], dataset: str, stages: int) -> list[Diagnosis]:
    """One row for a whole run from nothing; a model that was never measured is named."""
    counts = _counts(folder / "data" / dataset)
    if counts is None:
        return [
            Diagnosis("note", WHAT, f"time and memory are not known until data/{dataset} is here")
        ]
    row = told(needed(counts, params, stages, cores()), cores(), memory())
    return [replace(row, found=row.found + _others(counts, params))]


def needed(
    counts: "Counts", params: dict[str, Any], stages: int, n_cores: int
) -> dict[str, needs.Need]:
    """Each part of a run: its seconds over all splits, further ones side by side, and its memory."""
    train, wider = params["train"], further(params)
    splits = len(params["splits"]) + len(wider.splits)
    parts = {
        f"starting {stages} stages": needs.Need(stages * needs.STAGE_START, needs.PROCESS),
        "embed": needs.embedding(counts, splits, n_cores),
        "offline rules": needs.rules(counts, len(params["splits"]), len(params["rerank"]["bases"])),
    }
    threads = (train.get("common") or {}).get("threads", 1)
    at_once = max(1, min(n_cores // threads, len(wider.splits)))
    for model in (
        name for name in dict.fromkeys((*params["models"], *wider.models)) if name in needs.MODELS
    ):
        one = needs.MODELS[model](counts, train.get(model) or {})
        alone = len(params["splits"]) if model in params["models"] else 0
        beside = len(wider.splits) if model in wider.models else 0
        memory = one.memory * (at_once if beside else 1)
        parts[model] = needs.Need(one.seconds * (alone + ceil(beside / at_once)), memory)
    return parts


def told(parts: dict[str, needs.Need], n_cores: int, most: float | None) -> Diagnosis:
    """The row: total, parts, and whether the largest part fits into the memory."""
    largest = max(parts, key=lambda part: parts[part].memory)
    peak, total = parts[largest].memory, sum(part.seconds for part in parts.values())
    has = "memory unknown" if most is None else f"of {most / 1e9:.1f} GB"
    listed = ", ".join(
        f"{part} {spoken(need.seconds)}" for part, need in parts.items() if need.seconds >= 1
    )
    found = f"a whole run: at most about {spoken(total)} on {n_cores} cores, {peak / 1e9:.1f} GB ({has}): {listed}"
    if most is None or peak <= most:
        return Diagnosis("fine", WHAT, found)
    return Diagnosis(
        "note",
        WHAT,
        f"{found}; {largest} may not fit",
        f"take {largest} out of models in params.yaml",
    )


def spoken(seconds: float) -> str:
    """Seconds as a person says them."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def _others(counts: "Counts", params: dict[str, Any]) -> str:
    """Listed models without constants, and what measured ones would take that are not listed and take long."""
    unmeasured = [model for model in params["models"] if model not in needs.MODELS]
    text = f"; not measured: {', '.join(unmeasured)}" if unmeasured else ""
    for model in (model for model in needs.MODELS if model not in params["models"]):
        one = needs.MODELS[model](counts, params["train"].get(model) or {})
        if one.seconds >= WORTH_NAMING:
            text += f"; {model}, not listed, would take {spoken(one.seconds)} a split and {one.memory / 1e9:.1f} GB"
    return text


def _counts(place: Path) -> "Counts | None":
    from stages.data.manifest import counted, read_manifest
    from stages.data.read import read_dataset
    from stages.data.registry.entries import REGISTRY

    known, manifest = REGISTRY.get(place.name), read_manifest(place)
    if manifest:
        return manifest.counts
    if known and known.counts:
        return known.counts
    return counted(read_dataset(place)) if place.is_dir() else None
