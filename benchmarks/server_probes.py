"""What a server takes, obeys, ignores and refuses, by one small question each."""

import json
from collections.abc import Callable
from typing import Any

from recording_proxy import cause_of, fetched
from server_kinds import CONTEXT

OBEYED, IGNORED, TAKEN = "obeyed", "ignored", "taken"
"""`taken`: accepted, and an answer cannot show whether it was obeyed."""
LABELS, SIZE = ["F01", "F02", "F03"], 4
_FEW, _ENOUGH = 4, 200
_LABEL = {"type": "string", "enum": LABELS}
_SIZED = {"type": "array", "items": {"type": "integer"}, "minItems": SIZE, "maxItems": SIZE}
Judge = Callable[[dict[str, Any]], bool]


def form_of(**properties: Any) -> dict[str, Any]:
    """`response_format` with a strict schema of these properties."""
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return {"type": "json_schema", "json_schema": {"name": "X", "strict": True, "schema": schema}}


def text_of(said: dict[str, Any]) -> Any:
    """The answer read as JSON, or None."""
    try:
        return json.loads(said["choices"][0]["message"]["content"])
    except (ValueError, KeyError, IndexError, TypeError):
        return None


def _is_object(said: dict[str, Any]) -> bool:
    return isinstance(text_of(said), dict)


def _names_a_label(said: dict[str, Any]) -> bool:
    value = text_of(said)
    return isinstance(value, dict) and value.get("label") in LABELS


def _has_the_size(said: dict[str, Any]) -> bool:
    value = text_of(said)
    return isinstance(value, dict) and len(value.get("numbers", ())) == SIZE


def _is_short(said: dict[str, Any]) -> bool:
    return said["usage"]["completion_tokens"] <= _FEW


_ANSWER = {"max_tokens": _ENOUGH, "temperature": 1}
PROBES: dict[str, tuple[dict[str, Any], Judge | None]] = {
    "json_schema": (_ANSWER | {"response_format": form_of(n={"type": "integer"})}, _is_object),
    "enum": (_ANSWER | {"response_format": form_of(label=_LABEL)}, _names_a_label),
    "maxItems": (_ANSWER | {"response_format": form_of(numbers=_SIZED)}, _has_the_size),
    "json_object": (_ANSWER | {"response_format": {"type": "json_object"}}, _is_object),
    "max_tokens": ({"max_tokens": _FEW}, _is_short),
    "max_completion_tokens": ({"max_completion_tokens": _FEW}, _is_short),
    "temperature": ({"max_tokens": _FEW, "temperature": 0}, None),
    "reasoning_effort": ({"max_tokens": _FEW, "reasoning_effort": "none"}, None),
    "unknown parameter": ({"max_tokens": _FEW, "e2ep": 1}, None),
    "unknown model": ({"max_tokens": _FEW, "model": "no-such-model"}, None),
    "too long": ({"max_tokens": _FEW}, None),
}
"""What is sent besides a short question, and how an obedient answer looks."""


def accepts(server: str, model: str) -> dict[str, str]:
    """The answer to each probe; a refusal as `HTTP 400 (its code or type)`."""
    return {name: _tried(server, model, name) for name in PROBES}


def _tried(server: str, model: str, name: str) -> str:
    parameters, obeys = PROBES[name]
    words = "some theme " * (CONTEXT * 2) if name == "too long" else "Answer as asked."
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": words}]
    body = json.dumps({"model": model, "messages": messages} | parameters).encode()
    try:
        status, _, answer = fetched(server, "POST", "/v1/chat/completions", body)
    except OSError:
        return "no answer"
    if status >= 400:
        cause, _ = cause_of(status, answer)
        return f"HTTP {status} ({cause})" if cause else f"HTTP {status}"
    if obeys is None:
        return TAKEN
    return OBEYED if obeys(json.loads(answer)) else IGNORED
