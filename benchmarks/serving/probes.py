"""What a server takes, obeys, ignores and refuses, by one small question each."""

import json
from collections.abc import Callable
from typing import Any

from serving.kinds import CONTEXT
from serving.recording_proxy import cause_of, fetched

OBEYED, IGNORED, TAKEN = "obeyed", "ignored", "taken"
"""`taken`: accepted, and an answer cannot show whether it was obeyed."""
LABELS, SIZE = ["F01", "F02", "F03"], 4
_FEW, _ENOUGH, _TRIES = 4, 200, 3
_LONG = "some theme " * (2 * CONTEXT)
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
    ended = said["choices"][0]["finish_reason"]
    return ended == "length" and said["usage"]["completion_tokens"] <= _FEW


def _question(words: str = "Answer as asked.", **more: Any) -> dict[str, Any]:
    said = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": words}]
    return {"messages": said, "max_tokens": _FEW} | more


def _answer(form: dict[str, Any]) -> dict[str, Any]:
    return _question(max_tokens=_ENOUGH, temperature=1, response_format=form)


_NO_LIMIT = {name: value for name, value in _question().items() if name != "max_tokens"}
PROBES: dict[str, tuple[dict[str, Any], Judge | None]] = {
    "json_schema": (_answer(form_of(n={"type": "integer"})), _is_object),
    "enum": (_answer(form_of(label=_LABEL)), _names_a_label),
    "maxItems": (_answer(form_of(numbers=_SIZED)), _has_the_size),
    "json_object": (_answer({"type": "json_object"}), _is_object),
    "max_tokens": (_question(), _is_short),
    "max_completion_tokens": (_NO_LIMIT | {"max_completion_tokens": _FEW}, _is_short),
    "temperature": (_question(temperature=0), None),
    "reasoning_effort": (_question(reasoning_effort="none"), None),
    "unknown parameter": (_question(e2ep=1), None),
    "unknown model": (_question(model="no-such-model"), None),
    "too long": (_question(_LONG), None),
}
"""What is asked, and how an obedient answer looks, where it can be seen."""


_QUERY: dict[str, Any] = {"query": "some theme", "documents": ["a story", "some theme", "people"]}
RERANKING: dict[str, tuple[dict[str, Any], Judge | None]] = {
    "query, documents": (_QUERY, lambda said: _scored(said) == len(_QUERY["documents"])),
    "top_n": (_QUERY | {"top_n": 1}, lambda said: _scored(said) == 1),
    "unknown parameter": (_QUERY | {"e2ep": 1}, None),
    "unknown model": (_QUERY | {"model": "no-such-model"}, None),
    "too long": (_QUERY | {"documents": [_LONG, "a story"]}, None),
}
"""The same of `/v1/rerank`."""


def _scored(said: dict[str, Any]) -> int:
    return len({result["index"] for result in said["results"] if "relevance_score" in result})


def accepts(server: str, model: str, reranks: bool) -> dict[str, str]:
    """The answer to each probe; a refusal as `HTTP 400 (its code or type)`."""
    probes, path = (RERANKING, "/v1/rerank") if reranks else (PROBES, "/v1/chat/completions")
    return {
        name: _tried(server, path, {"model": model} | parameters, obeys)
        for name, (parameters, obeys) in probes.items()
    }


def _tried(server: str, path: str, asked: dict[str, Any], obeys: Judge | None) -> str:
    """`obeyed` if one of several answers is as asked, which is not had by chance."""
    for _ in range(_TRIES):
        try:
            status, _, answer = fetched(server, "POST", path, json.dumps(asked).encode())
        except OSError:
            return "no answer"
        if status >= 400:
            cause, _ = cause_of(status, answer)
            return f"HTTP {status} ({cause})" if cause else f"HTTP {status}"
        if obeys is None:
            return TAKEN
        if obeys(json.loads(answer)):
            return OBEYED
    return IGNORED
