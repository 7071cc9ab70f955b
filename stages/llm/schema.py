"""An answer type as a JSON schema: as pydantic has it, and in the strict dialect that servers accept."""

import json
from collections.abc import Hashable
from functools import cache
from typing import Any, cast

from pydantic import BaseModel

KEPT = {"type", "items", "enum", "anyOf", "$ref", "description", "const"}
NAMED = ("properties", "$defs")


def schema_text(answer: type[BaseModel]) -> str:
    """The schema as pydantic has it, for keys and sizes."""
    return _schemas(cast(Hashable, answer))[0]


def strict_schema(answer: type[BaseModel]) -> dict[str, Any]:
    """No further properties, all required, and only the keywords that strict servers know; limits are checked here."""
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
    made = {key: _strict(value) for key, value in node.items() if key in KEPT}
    made |= {
        key: {name: _strict(part) for name, part in node[key].items()}
        for key in NAMED
        if key in node
    }
    if "properties" in made:
        made |= {"required": list(made["properties"]), "additionalProperties": False}
    return made
