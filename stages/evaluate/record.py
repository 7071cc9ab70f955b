"""record.json: what made the numbers, so that a comparison of unlike runs can be refused."""

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from stages.evaluate.params import Wanted

SECTIONS = ("prepare", "enrich", "profile", "embed", "train", "rerank", "explain", "llm", "evaluate")
PACKAGES = (
    "numpy",
    "pandas",
    "torch",
    "torch-geometric",
    "scikit-learn",
    "sentence-transformers",
    "pyarrow",
)


def record(params: dict[str, Any], asked: Wanted, card: dict[str, Any]) -> dict[str, Any]:
    """Hashes of the parameters by section, data checksums, seed, versions, and what was asked for; no time, no path."""
    return {
        "params": {name: sha256_of(section) for name, section in relevant(params, asked).items()},
        "data": card.get("checksums"),
        "seed": asked.seed,
        "versions": {package: installed(package) for package in PACKAGES},
        "splits": list(asked.splits),
        "models": list(asked.models),
        "bases": list(asked.bases),
        "strategies": list(asked.strategies),
        "explained": list(asked.explained),
    }


def relevant(params: dict[str, Any], asked: Wanted) -> dict[str, Any]:
    """The sections that shape the numbers, without what changes none of them.

    That is the models and strategies that were not asked for, how many users are judged at the same time, and switches
    of rerank that are off.
    """
    sections = {name: params[name] or {} for name in SECTIONS if name in params}
    if "train" in sections:
        sections["train"] = _only(sections["train"], ("common", *asked.models))
    if "strategies" in sections.get("rerank", {}):
        rerank = {k: v for k, v in sections["rerank"].items() if k != "concurrency" and v is not False}
        sections["rerank"] = rerank | {"strategies": _only(rerank["strategies"], asked.strategies)}
    return sections


def _only(section: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: section[name] for name in names if name in section}


def sha256_of(value: Any) -> str:
    """The sha256 of `value` as canonical JSON, the same for the same values in any order of keys."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def installed(package: str) -> str | None:
    """The version of an installed package, without importing it."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
