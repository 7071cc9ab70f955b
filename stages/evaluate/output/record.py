"""record.json: what made the numbers, so that a comparison of unlike runs can be refused."""

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from stages.contracts.plan import RunPlan

SECTIONS = ("prepare", "enrich", "profile", "embed", "train", "rerank", "compare", "evaluate")
PUBLISHED = (
    "User profiles are published ones that have seen the validation rows: nothing was selected on those, "
    "and models with text ran all their epochs."
)
PACKAGES = (
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
    params: dict[str, Any], asked: RunPlan, card: dict[str, Any], answered_by: Iterable[str]
) -> dict[str, Any]:
    """Hashes of the parameters by section, data checksums, seed, versions, and what was asked for; no time, no path.

    answered_by: the chat models whose answers the run used.
    """
    return {
        "params": {name: sha256_of(section) for name, section in relevant(params, asked).items()},
        "data": card.get("checksums"),
        "seed": asked.seed,
        "versions": {package: installed(package) for package in PACKAGES},
        "splits": list(asked.splits),
        "models": list(asked.models),
        "bases": list(asked.bases),
        "strategies": list(asked.strategies),
        "further": asked.further.model_dump(mode="json"),
        "explained": list(asked.explained),
        **({"compared": list(asked.compared)} if asked.compared else {}),
        "answered_by": sorted(answered_by),
        "labels": [PUBLISHED] if (params.get("profile") or {}).get("users") == "published" else [],
    }


def relevant(params: dict[str, Any], asked: RunPlan) -> dict[str, Any]:
    """The sections that shape the numbers, without what changes none of them.

    That is the models and strategies that were not asked for, switches of rerank that are off, and compare where no pair
    is. The section llm is not among them: recorded answers give the same numbers as the server that gave them.
    """
    sections = {
        name: params[name] or {}
        for name in SECTIONS
        if name in params and (name != "compare" or asked.compared)
    }
    if "train" in sections:
        sections["train"] = _only(
            sections["train"], ("common", *dict.fromkeys((*asked.models, *asked.further.models)))
        )
    if "strategies" in sections.get("rerank", {}):
        rerank = {name: value for name, value in sections["rerank"].items() if value is not False}
        sections["rerank"] = rerank | {"strategies": _only(rerank["strategies"], asked.strategies)}
    return sections


def _only(section: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: section[name] for name in names if name in section}


def sha256_of(value: Any) -> str:
    """The sha256 of `value` as canonical JSON, the same for the same values in any order of keys."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def installed(package: str) -> str | None:
    """The version of an installed package without its build (2.13.0+cpu is 2.13.0), not importing it."""
    try:
        return version(package).partition("+")[0]
    except PackageNotFoundError:
        return None
