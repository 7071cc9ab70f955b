"""JSON of numbers that reads well in a diff: four levels of sorted keys, the rest on one line."""

import json
from collections.abc import Mapping
from typing import Any

_LEVELS = 4


def numbers_text(value: Mapping[str, Any]) -> str:
    """The file's text; numbers with a fraction have five decimals."""
    return _lines(value, 1) + "\n"


def _lines(value: Mapping[str, Any], level: int) -> str:
    entries = (
        f"{' ' * level}{json.dumps(key)}: {_entry(value[key], level + 1)}" for key in sorted(value)
    )
    return "{\n" + ",\n".join(entries) + f"\n{' ' * (level - 1)}}}"


def _entry(value: Any, level: int) -> str:
    return (
        _lines(value, level)
        if isinstance(value, Mapping) and value and level <= _LEVELS
        else _inline(value)
    )


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            "{"
            + ", ".join(f"{json.dumps(key)}: {_inline(value[key])}" for key in sorted(value))
            + "}"
        )
    return f"{value:.5f}" if isinstance(value, float) else json.dumps(value)
