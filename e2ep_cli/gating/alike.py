"""Whether two runs may be compared, by the records of what made them."""

from collections.abc import Iterator
from typing import Any

HASHED_WITH = {
    "train": ("models", "further"),
    "rerank": ("bases", "strategies", "explained"),
    "compare": ("compared",),
}
"""Lists that are part of a section's hash. Where they differ it says nothing, and what went or came is listed itself."""


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What keeps two records apart, in a few words each; empty where the runs are alike."""
    return [
        *_data(before, after),
        *_seed(before, after),
        *_params(before, after),
        *_splits(before, after),
    ]


def _data(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    if files := _unequal(before.get("data") or {}, after.get("data") or {}):
        yield f"data ({', '.join(files)})"


def _seed(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    if before.get("seed") != after.get("seed"):
        yield f"seed ({before.get('seed')} and {after.get('seed')})"


def _params(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    lists = {
        name: HASHED_WITH.get(name, ())
        for name in _unequal(before.get("params") or {}, after.get("params") or {})
    }
    names = [
        name
        for name, keys in lists.items()
        if all(_listed(before, key) == _listed(after, key) for key in keys)
    ]
    if names:
        yield f"parameters ({', '.join(names)})"
    if before.get("answered_by") != after.get("answered_by"):
        yield "the models that answered"


def _listed(record: dict[str, Any], key: str) -> set[str]:
    """The names under a key; `further` holds models."""
    value = record.get(key) or []
    return set(value.get("models", []) if isinstance(value, dict) else value)


def _splits(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    was, now = (
        [*(record.get("splits") or []), *(record.get("further") or {}).get("splits", [])]
        for record in (before, after)
    )
    if not set(was) & set(now):
        yield f"splits ({', '.join(was)} and {', '.join(now)})"


def _unequal(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return sorted(
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    )
