"""An answer type as a JSON schema in the strict dialect that servers accept.

Enums and sizes of lists are in it (OpenAI takes 1,000 values and minItems, maxItems; Gemini the
same keywords, for sums of maxItems up to about 960), descriptions and titles are not. Other limits
are checked when an answer is read.
"""

import json
from collections.abc import Hashable
from functools import cache
from typing import Any, cast

from pydantic import BaseModel

_KEPT = {"type", "items", "anyOf", "$ref", "const"}
_SIZED = {"enum", "minItems", "maxItems"}
_NAMED = ("properties", "$defs")


def schema_text(answer: type[BaseModel]) -> str:
    """The schema as text, for cache keys and sizes."""
    return _texts(cast(Hashable, answer))


def strict_schema(answer: type[BaseModel], lean: bool = False) -> dict[str, Any]:
    """The schema: every property is required and no other is allowed.

    lean: without enums and sizes, for servers that take neither.
    """
    return _schemas(cast(Hashable, answer), lean)


def list_field(answer: type[BaseModel]) -> str | None:
    """The name of the only field, if it is a list."""
    fields = strict_schema(answer, lean=True).get("properties", {})
    (name, *others), (field, *_) = [*fields, None], [*fields.values(), {}]
    return name if len(others) == 1 and field.get("type") == "array" else None


@cache
def _texts(answer: Any) -> str:
    return json.dumps(_schemas(answer, False))


@cache
def _schemas(answer: Any, lean: bool) -> dict[str, Any]:
    schema: dict[str, Any] = _strict(answer.model_json_schema(), _KEPT if lean else _KEPT | _SIZED)
    return schema


def _strict(node: Any, kept: set[str]) -> Any:
    if isinstance(node, list):
        return [_strict(part, kept) for part in node]
    if not isinstance(node, dict):
        return node
    made = {key: _strict(value, kept) for key, value in node.items() if key in kept}
    made |= {
        key: {name: _strict(part, kept) for name, part in node[key].items()}
        for key in _NAMED
        if key in node
    }
    if "properties" in made:
        made |= {"required": list(made["properties"]), "additionalProperties": False}
    return made
