"""Reading a server's JSON, which may be anything."""

import json
import re
from itertools import accumulate
from typing import Any

DEEPEST = 100
"""Levels of nested JSON; what reads or shows a deeper value may fail, or take its time."""
_LONGEST_NAME = 100
_PATH = re.compile(r"(?:[/~.]|\w+:[/\\]|.*\\).*|.*\.gguf", re.IGNORECASE)
_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[^\[\]{}"]', re.DOTALL)


def at(value: Any, *path: str | int) -> Any:
    """The value under these keys and indices, or None."""
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
    text = at(value, *path)
    return text.encode("utf-8", "replace").decode() if isinstance(text, str) else ""


def name_at(value: Any, *path: str | int) -> str:
    """A name that can be shown."""
    return shown_name(text_at(value, *path))


def shown_name(name: str) -> str:
    """A line of at most 100 printable characters."""
    return "".join(filter(str.isprintable, name))[:_LONGEST_NAME]


def shown_model(name: str) -> str:
    """A model's name that can be shown; of a path, the last part: the rest tells of a disk.

    llama.cpp gives `/home/me/models/chat.gguf`. A name such as `Qwen/Qwen3-8B` is no path.
    """
    line = "".join(filter(str.isprintable, name)).strip()
    return shown_name(re.split(r"[/\\]", line.rstrip("/\\"))[-1] if _PATH.fullmatch(line) else line)


def is_deep(body: str) -> bool:
    """Whether a JSON text is nested deeper than DEEPEST levels."""
    if body.count("[") + body.count("{") <= DEEPEST:
        return False
    brackets = _TEXTS.sub("", body)
    depths = accumulate(1 if bracket in "[{" else -1 for bracket in brackets)
    return max(depths, default=0) > DEEPEST


def json_object(body: str) -> dict[str, Any] | None:
    """A JSON object, or None for anything else, or for one that is too deep."""
    if is_deep(body):
        return None
    try:
        value = json.loads(body.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
