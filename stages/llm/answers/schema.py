"""An answer type as a JSON schema in the strict dialect that servers accept.

Enums and sizes of lists are in it (OpenAI takes 1,000 values and minItems, maxItems; Gemini the
same keywords, for sums of maxItems up to about 960), descriptions and titles are not. Other limits
are checked when an answer is read.
"""

import json
from collections.abc import Hashable, Sequence
from functools import cache
from typing import Annotated, Any, cast

from pydantic import BaseModel, Field, WithJsonSchema

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
    if len(fields) != 1:
        return None
    [(name, field)] = fields.items()
    return name if field.get("type") == "array" else None


def list_of(part: Any, most: int, least: int = 0) -> Any:
    """A field for `create_model`: a list whose schema, but not its validation, has these sizes."""
    sizes: dict[str, Any] = {"minItems": least} if least else {}
    return list[part], Field(json_schema_extra=sizes | {"maxItems": most})


def one_of(texts: Sequence[str]) -> Any:
    """A field for `create_model`: a text whose schema, but not its validation, has these values."""
    schema = {"type": "string", "enum": list(texts)} if texts else {"type": "string"}
    return Annotated[str, WithJsonSchema(schema)], ...


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
