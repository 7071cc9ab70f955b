"""record.json: what made the numbers, so that a comparison of unlike runs can be refused."""

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from stages.contracts.metrics.record import RunRecord
from stages.contracts.plan import RunPlan
from stages.contracts.splits import Further

Params = dict[str, Any]
"""A key of params.yaml, or of a section → its value."""

_SECTIONS = ("prepare", "enrich", "profile", "embed", "train", "rerank", "compare", "evaluate")
_PUBLISHED = (
    "User profiles are published ones that have seen the validation rows: "
    "nothing was selected on those, and models with text ran all their epochs."
)
_PACKAGES = (
    "numpy",
    "pandas",
    "torch",
    "torch-geometric",
    "scikit-learn",
    "sentence-transformers",
    "openvino",
    "pyarrow",
)


def record(
    params: Params, plan: RunPlan, checksums: dict[str, str] | None, answered_by: Iterable[str]
) -> RunRecord:
    """Hashes of the parameters by section and what else made the numbers; no time, no path.

    checksums: of the data's files. answered_by: the chat models whose answers the run used.
    """
    published = (params.get("profile") or {}).get("users") == "published"
    return RunRecord(
        params={name: sha256_of(section) for name, section in relevant(params, plan).items()},
        data=checksums,
        seed=plan.seed,
        versions={package: installed(package) for package in _PACKAGES},
        splits=plan.splits,
        models=plan.models,
        bases=plan.bases,
        strategies=plan.strategies,
        # both lists are given, since only what is given is written
        further=Further(splits=plan.further.splits, models=plan.further.models),
        explained=plan.explained,
        answered_by=tuple(sorted(answered_by)),
        labels=(_PUBLISHED,) if published else (),
        **({"compared": plan.compared} if plan.compared else {}),
    )


def relevant(params: Params, plan: RunPlan) -> Params:
    """The sections that shape the numbers, without anything that changes none of them.

    Left out are models and strategies that the plan does not have, switches of rerank that are off,
    compare where no pair is, devices, and the whole section llm: recorded answers give the same
    numbers as the server that gave them.
    """
    sections = {
        name: params[name] or {}
        for name in _SECTIONS
        if name in params and (name != "compare" or plan.compared)
    }
    if "train" in sections:
        sections["train"] = _only(sections["train"], ("common", *plan.every_model))
        if "common" in sections["train"]:
            common, silent = sections["train"]["common"] or {}, {"device", plan.refit and "refit"}
            sections["train"]["common"] = {k: v for k, v in common.items() if k not in silent}
    if "embed" in sections:
        sections["embed"] = {k: v for k, v in sections["embed"].items() if k != "device"}
    if "strategies" in sections.get("rerank", {}):
        rerank = {name: value for name, value in sections["rerank"].items() if value is not False}
        sections["rerank"] = rerank | {"strategies": _only(rerank["strategies"], plan.strategies)}
    return sections


def _only(section: Params, names: Iterable[str]) -> Params:
    return {name: section[name] for name in names if name in section}


def sha256_of(value: Any) -> str:
    """The sha256 of `value` as canonical JSON, independent of the order of its keys."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def installed(package: str) -> str | None:
    """The version of an installed package without its build (2.13.0+cpu is 2.13.0)."""
    try:
        return version(package).partition("+")[0]
    except PackageNotFoundError:
        return None
