"""An answer type as a JSON schema in the strict dialect that servers accept."""

from typing import Any

from pydantic import BaseModel

KEPT = {"type", "properties", "required", "items", "enum", "anyOf", "$ref", "$defs", "description", "const"}


def strict_schema(answer: type[BaseModel]) -> dict[str, Any]:
    """No further properties, all required, and only the keywords that strict servers know; limits are checked here."""
    return _strict(answer.model_json_schema())


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(part) for part in node]
    if not isinstance(node, dict):
        return node
    made = {key: _strict(value) for key, value in node.items() if key in KEPT and key not in ("properties", "$defs")}
    for key in ("properties", "$defs"):
        if key in node:
            made[key] = {name: _strict(part) for name, part in node[key].items()}
    if "properties" in made:
        made |= {"required": list(made["properties"]), "additionalProperties": False}
    return made
