"""Reading a server's JSON, which may be anything."""

import json
from typing import Any

LONGEST_NAME = 100


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
    """A text that can be stored, or an empty one."""
    found = at(value, *path)
    return found.encode("utf-8", "replace").decode() if isinstance(found, str) else ""


def name_at(value: Any, *path: str | int) -> str:
    """A name that can be shown: a line of at most LONGEST_NAME printable characters."""
    return "".join(one for one in text_at(value, *path) if one.isprintable())[:LONGEST_NAME]


def json_object(body: str) -> dict[str, Any] | None:
    """A JSON object, or None for anything else."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
