"""An answer type as a JSON schema: pydantic's, and the strict dialect that servers accept."""

import json
from collections.abc import Hashable
from functools import cache
from typing import Any, cast

from pydantic import BaseModel

_KEPT = {"type", "items", "enum", "anyOf", "$ref", "description", "const"}
_NAMED = ("properties", "$defs")


def schema_text(answer: type[BaseModel]) -> str:
    """Pydantic's schema, for cache keys and sizes."""
    return _schemas(cast(Hashable, answer))[0]


def strict_schema(answer: type[BaseModel]) -> dict[str, Any]:
    """The schema in the strict dialect: every property is required and no other is allowed.

    Only keywords that strict servers know are kept; limits are checked when an answer is read.
    """
    return _schemas(cast(Hashable, answer))[1]


@cache
def _schemas(answer: Any) -> tuple[str, dict[str, Any]]:
    schema = answer.model_json_schema()
    return json.dumps(schema), _strict(schema)


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(part) for part in node]
    if not isinstance(node, dict):
        return node
    made = {key: _strict(value) for key, value in node.items() if key in _KEPT}
    made |= {
        key: {name: _strict(part) for name, part in node[key].items()}
        for key in _NAMED
        if key in node
    }
    if "properties" in made:
        made |= {"required": list(made["properties"]), "additionalProperties": False}
    return made
