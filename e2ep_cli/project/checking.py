"""params.yaml checked before any stage runs.

Among the sections of models and strategies, only those that a run changes are checked here. The
models and strategies check the others themselves, as importing them all takes seconds.
"""

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from e2ep_cli.project.places import looked_up
from stages.compare.params import CompareParams
from stages.contracts.splits import every_split, further, shown
from stages.core.errors import ParamError
from stages.core.params import Section, check_section, checked_seed
from stages.core.spelling import suggestion
from stages.core.variants import variants
from stages.embed.params import EmbedParams
from stages.enrich.params import EnrichParams
from stages.evaluate.params import EvaluateParams
from stages.llm.params import LlmParams
from stages.prepare.params import PrepareParams
from stages.probe.params import ProbeParams
from stages.profile.params import ProfileParams
from stages.report.params import ReportParams
from stages.rerank.params import RerankParams
from stages.train.params import CommonParams

_LISTS = ("dataset", "splits", "models", "strategies", "further", "shown", "seed")
_VARIANTS = {
    "models": ("stages.train.models", "MODEL"),
    "strategies": ("stages.rerank.strategies", "STRATEGY"),
}
_OWNERS = {"train": "models", "rerank.strategies": "strategies"}
"""Where the sections of models and strategies are."""
_SHARED = ("common",)
"""Sections under train that do not belong to a model."""


def check_params(params: dict[str, Any]) -> None:
    """Check every section against its stage's type and every listed name; raise the first fault."""
    _check_shape(params)
    _check_dataset(params["dataset"])
    every_split(params)
    checked_seed(params["seed"])
    for key in _VARIANTS:
        _check_listed(key, params[key])
    if wider := further(params).models:
        _check_listed("models", list(wider), "further.models")
    if (lists := shown(params)).splits:
        _check_listed("strategies", list(lists.strategies), "shown.strategies")
    for name, model in section_models().items():
        check_section(name, looked_up(params, name) or {}, model)
    _check_variants(params)
    _check_published(params)
    bases, explained = (
        looked_up(params, name) for name in ("rerank.bases", "rerank.reasons.strategies")
    )
    for key, names in (("models", bases), ("strategies", explained)):
        missing = [name for name in names if name not in params[key]]
        if missing:
            where = "rerank.bases" if key == "models" else "rerank.reasons.strategies"
            name = missing[0]
            hint = "add it there" if name in _known(key) else suggestion(name, params[key])
            raise ParamError(
                f"{where} in params.yaml names {name!r}, which is not in {key}; {hint}"
            )
    _check_compared(looked_up(params, "compare.pairs"), explained)


def _check_published(params: dict[str, Any]) -> None:
    """Refuse what is chosen on validation rows that published user profiles have seen."""
    if (params["profile"] or {}).get("users") != "published":
        return
    asked = {
        "shown.splits=[]": shown(params).splits,
        "rerank.fit_weight=false": (params["rerank"] or {}).get("fit_weight"),
    }
    for without, value in asked.items():
        if value:
            raise ParamError(
                f"{without.partition('=')[0]} cannot be used with profile.users published: those "
                f"profiles have seen the validation rows; leave it out with {without}"
            )


def _check_dataset(name: object) -> None:
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise ParamError(
            f"dataset in params.yaml is {name!r}; give the name of one set, see `e2ep data list`"
        )


def _check_shape(params: dict[str, Any]) -> None:
    """Refuse an unknown or missing name at the top level, and a section without names in it."""
    stages = list(dict.fromkeys(name.partition(".")[0] for name in section_models()))
    known = [*_LISTS, *stages]
    unknown = [name for name in params if name not in known]
    if unknown:
        raise ParamError(
            f"{unknown[0]} in params.yaml is not a known section; {suggestion(unknown[0], known)}"
        )
    values = {name: looked_up(params, name) for name in known}
    flat = [name for name in stages if not isinstance(values[name], dict | None)]
    if flat:
        raise ParamError(
            f"{flat[0]} in params.yaml is {values[flat[0]]!r}; it must hold named values"
        )


def section_models() -> dict[str, type[Section]]:
    """The pydantic model of each section."""
    return {
        "prepare": PrepareParams,
        "enrich": EnrichParams,
        "llm": LlmParams,
        "profile": ProfileParams,
        "embed": EmbedParams,
        "train.common": CommonParams,
        "probe": ProbeParams,
        "rerank": RerankParams,
        "compare": CompareParams,
        "evaluate": EvaluateParams,
        "report": ReportParams,
    }


def check_changed(params: dict[str, Any], keys: Iterable[str]) -> None:
    """The sections of models and strategies that the changed `keys` (dotted) belong to.

    They are checked before the run, as DVC deletes the outputs of a stage before it fails.
    """
    changed = [f"{key}." for key in keys]
    for where, kind in _OWNERS.items():
        for name in _known(kind):
            section = f"{where}.{name}."
            if any(section.startswith(key) or key.startswith(section) for key in changed):
                module = import_module(variants(*_VARIANTS[kind])[name])
                values = (looked_up(params, where) or {}).get(name) or {}
                check_section(f"{where}.{name}", values, module.Config)


def _check_variants(params: dict[str, Any]) -> None:
    """Refuse a section of a model or strategy that does not exist."""
    for where, key in _OWNERS.items():
        known = [*(_SHARED if where == "train" else ()), *_known(key)]
        unknown = [name for name in looked_up(params, where) or {} if name not in known]
        if unknown:
            raise ParamError(
                f"{where}.{unknown[0]} in params.yaml is not known; {suggestion(unknown[0], known)}"
            )


def _known(key: str) -> list[str]:
    return list(variants(*_VARIANTS[key]))


def _check_listed(kind: str, names: Any, key: str = "") -> None:
    key, known = key or kind, _known(kind)
    if not isinstance(names, list) or not names:
        raise ParamError(
            f"{key} in params.yaml is {names!r}; list at least one of {', '.join(known)}"
        )
    _check_distinct(key, names)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ParamError(
            f"{key} in params.yaml names {unknown[0]!r}; {suggestion(str(unknown[0]), known)}"
        )


def _check_compared(pairs: list[str], explained: list[str]) -> None:
    _check_distinct("compare.pairs", pairs)
    missing = [name for pair in pairs for name in pair.split("-") if name not in explained]
    if missing:
        raise ParamError(
            f"compare.pairs in params.yaml names {missing[0]!r}, "
            "which is not in rerank.reasons.strategies; add it there"
        )


def _check_distinct(key: str, names: list[str]) -> None:
    if len(set(names)) < len(names):
        raise ParamError(f"{key} in params.yaml names one twice: {', '.join(map(str, names))}")
