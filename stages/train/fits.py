"""A fit from its inputs to its files: read here, fitted in any process, written here."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stages.contracts.fits import FitRecord, Growth
from stages.contracts.plan import seen_by_text
from stages.contracts.rows import CANDIDATES
from stages.core.device import device_name
from stages.core.files import write_text
from stages.core.mapped import write_frame
from stages.core.params import Section, check_section, checked_seed
from stages.core.tables import write_arrays
from stages.core.threads import limit_threads
from stages.train.fitting.named import model_module, torch_device
from stages.train.fitting.selection import Fitted, SplitRows, select_and_refit
from stages.train.fitting.sources import ItemSide, Sources, item_side, user_side
from stages.train.params import CommonParams, common_params
from stages.train.record import fit_record, forget_peak

_CONSTANT = 600_000_000
"""Bytes of a process with torch and a model, before its data."""


@dataclass(frozen=True)
class PlannedFit:
    """A model to be fitted on a split; params: the whole of params.yaml."""

    model: str
    params: dict[str, Any]
    rows: SplitRows
    """Without what `ItemSide` holds, which the fits of a data set share."""

    @property
    def name(self) -> str:
        """Such as `e2ep fold-1`."""
        return f"{self.model} {self.rows.name}"

    @property
    def config(self) -> Section:
        """The model's section."""
        return config_of(self.model, self.params)

    @property
    def common(self) -> CommonParams:
        """The section of all models."""
        return common_params(self.params)


@dataclass(frozen=True)
class Made:
    """The result of a fit, its record for `e2ep doctor`, and what is logged of it."""

    fitted: Fitted
    record: FitRecord
    counts: dict[str, object]


def config_of(model: str, params: dict[str, Any]) -> Section:
    """The model's section of params.yaml, checked."""
    section = (params.get("train") or {}).get(model) or {}
    config: Section = check_section(f"train.{model}", section, model_module(model).Config)
    return config


def form_of(model: str, params: dict[str, Any]) -> str | None:
    """The form of text that the model reads, or None."""
    module = model_module(model)
    form: str | None = module.MODEL(config_of(model, params), checked_seed(params.get("seed"))).form
    return form


def read_fit(model: str, split: str, params: dict[str, Any], sources: Sources) -> PlannedFit:
    """What the fit of a model on a split needs of its own."""
    form, refit = form_of(model, params), common_params(params).refit
    return PlannedFit(model, params, user_side(sources, split, form, refit))


def read_shared(models: Sequence[str], params: dict[str, Any], sources: Sources) -> ItemSide:
    """What the fits of these models share."""
    return item_side(sources, {form_of(model, params) for model in models})


def fit_bytes(fit: PlannedFit) -> int:
    """The memory that a process needs for a fit."""
    model = model_module(fit.model).MODEL(fit.config, checked_seed(fit.params.get("seed")))
    growth: Growth = getattr(model, "growth", Growth())
    rows = fit.rows
    ratings = len(rows.train) + len(rows.valid)
    return _CONSTANT + int(growth.fit_bytes(rows.n_users, rows.n_items, ratings))


def made(fit: PlannedFit, items: ItemSide) -> Made:
    """Fit, choose on valid, refit, and list the top candidates; reads and writes nothing."""
    start = time.perf_counter()
    module, config, seed = model_module(fit.model), fit.config, checked_seed(fit.params.get("seed"))
    limit_threads(fit.common.threads)
    device = torch_device(fit.common.device)
    unfitted = module.MODEL(config, seed)
    rows = replace(items.joined(fit.rows, unfitted.form), device=device)
    selects = not seen_by_text(unfitted.form, fit.params)
    forget_peak()
    fitted = select_and_refit(
        lambda: module.MODEL(config, seed),
        rows,
        fit.common.candidates,
        selects,
        fit.common.threads,
    )
    seconds = time.perf_counter() - start
    record = fit_record(unfitted, config, fit.model, fit.params, rows, fit.common.threads, seconds)
    counts: dict[str, object] = {}
    if fit.common.device != "cpu":
        counts["device"] = device_name(device)
    counts["ratings"] = fitted.ratings
    if fitted.epochs:
        counts["epochs"] = fitted.epochs
    ndcg = f"{fitted.valid_ndcg:.4f}" if selects else "seen by the published profiles"
    counts["NDCG@10 on valid"] = ndcg
    return Made(fitted, record, counts)


def write_made(out: Path, result: Made) -> None:
    """Write candidates, curve and weights to the model's folder."""
    fitted = result.fitted
    write_frame(out / "candidates.parquet", fitted.candidates, CANDIDATES)
    write_frame(out / "valid.parquet", fitted.valid_candidates, CANDIDATES)
    for name, parts in (("parts", fitted.parts), ("valid-parts", fitted.valid_parts)):
        if parts:
            write_arrays(out / f"{name}.safetensors", parts)
    write_arrays(out / "weights.safetensors", fitted.weights)
    write_text(
        out / "curve.csv",
        fitted.curve.to_csv(index=False, float_format="%.6f", lineterminator="\n"),
    )
