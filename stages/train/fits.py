"""A fit from its inputs to its files: read here, fitted in any process, written here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
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
from stages.train.fitting.model import Model
from stages.train.fitting.named import model_module, torch_device
from stages.train.fitting.rows import SplitRows
from stages.train.fitting.selection import Fitted, Selected, refitted, selected
from stages.train.fitting.sources import ItemSide, Sources, item_side, user_side
from stages.train.params import CommonParams, common_params
from stages.train.record import Footprint, fit_record

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

    @property
    def seed(self) -> int:
        """The seed of params.yaml."""
        return checked_seed(self.params.get("seed"))

    @property
    def form(self) -> str | None:
        """The form of text that the model reads, or None."""
        return form_of(self.model, self.params)

    @property
    def selects(self) -> bool:
        """Whether epoch and settings are chosen on valid, which the text must not have seen."""
        return not seen_by_text(self.form, self.params)


@dataclass(frozen=True)
class Begun:
    """The first half of a fit, and what it took."""

    selected: Selected
    footprint: Footprint


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
    model = model_module(fit.model).MODEL(fit.config, fit.seed)
    growth: Growth = getattr(model, "growth", Growth())
    rows = fit.rows
    ratings = len(rows.train) + len(rows.valid)
    return _CONSTANT + int(growth.fit_bytes(rows.n_users, rows.n_items, ratings))


def made(fit: PlannedFit, items: ItemSide) -> Made:
    """Fit, choose on valid, refit, and list the top candidates; reads and writes nothing."""
    return ended(fit, begun(fit, items), items)


def begun(fit: PlannedFit, items: ItemSide) -> Begun:
    """The first half of `made`: fit, and choose on valid."""
    footprint = Footprint()
    with footprint.counted():
        new_model, rows = _ready(fit, items)
        common = fit.common
        first = selected(new_model, rows, common.candidates, fit.selects, common.threads)
    return Begun(first, footprint)


def ended(fit: PlannedFit, first: Begun, items: ItemSide) -> Made:
    """The second half: refit and list, in the process of the first half or in another one."""
    footprint, threads = replace(first.footprint), fit.common.threads
    with footprint.counted():
        new_model, rows = _ready(fit, items)
        fitted = refitted(new_model, rows, first.selected, threads)
    record = fit_record(new_model(), fit.config, fit.model, fit.params, rows, threads, footprint)
    counts: dict[str, object] = {}
    if fit.common.device != "cpu":
        counts["device"] = device_name(rows.device)
    counts["ratings"] = fitted.ratings
    if fitted.epochs:
        counts["epochs"] = fitted.epochs
    ndcg = f"{fitted.valid_ndcg:.4f}" if fit.selects else "seen by the published profiles"
    counts["NDCG@10 on valid"] = ndcg
    return Made(fitted, record, counts)


def _ready(fit: PlannedFit, items: ItemSide) -> tuple[Callable[[], Model], SplitRows]:
    """The model before any fit, and all rows, on the device and the threads of this process."""
    rows = replace(items.joined(fit.rows, fit.form), device=torch_device(fit.common.device))
    new_model = partial(model_module(fit.model).MODEL, fit.config, fit.seed)
    limit_threads(fit.common.threads)  # with torch loaded, if the model needs it
    return new_model, rows


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
