"""Reading a server's JSON, which may be anything."""

import json
from typing import Any


def at(value: Any, *path: str | int) -> Any:
    """What lies under these keys and indices, or None."""
    for key in path:
        if isinstance(key, str) and isinstance(value, dict):
            value = value.get(key)
        elif isinstance(key, int) and isinstance(value, list) and key < len(value):
            value = value[key]
        else:
            return None
    return value


def text_at(value: Any, *path: str | int) -> str:
    """A text, or an empty one."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def json_object(body: str) -> dict[str, Any] | None:
    """A JSON object, or None for anything else."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
