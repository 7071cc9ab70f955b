"""JSON as models write it.

Read over are line breaks and other control characters within strings, a comma before } or ],
single quotes, and Python's True, False and None. NaN and Infinity are no values.
"""

import json
import re
from typing import Any

_DEEPEST = 32
_SPACE = re.compile(r"\s*+")
_STRING = re.compile(
    r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"' + r"|'([^'\\]*+(?:\\.[^'\\]*+)*+)'", re.DOTALL
)
_ESCAPE = re.compile(r'\\.|"', re.DOTALL)
_NUMBER = re.compile(r"(-?\d++)(\.\d++)?+([eE][+-]?\d++)?+(?![\w.])")
_WORD = re.compile(r"(?:[Tt]rue|[Ff]alse|null|None)(?!\w)")
_WORDS = {"true": True, "false": False, "null": None, "none": None}
_MOST_DIGITS = 4000
"""Python makes no integer of more than 4,300."""


class JsonError(ValueError):
    """What is wrong with the JSON, and at which index of the text."""

    def __init__(self, what: str, at: int) -> None:
        super().__init__(what)
        self.what, self.at = what, at

    def located(self, text: str) -> str:
        """The fault with its line and column, both from 1."""
        line, start = text.count("\n", 0, self.at) + 1, text.rfind("\n", 0, self.at) + 1
        return f"line {line}, column {self.at - start + 1}: {self.what}"


def read_value(text: str, at: int, depth: int = 0) -> tuple[Any, int]:
    """The value that begins at an index, and where it ends; a JsonError if it is none."""
    at = _skipped(text, at)
    mark = text[at : at + 1]
    if mark and mark in "{[":
        if depth >= _DEEPEST:
            raise JsonError("this is nested too deep", at)
        return (_object if mark == "{" else _list)(text, at, depth + 1)
    if mark and mark in "\"'":
        return _string(text, at)
    if number := _NUMBER.match(text, at):
        whole = not (number[2] or number[3]) and len(number[0]) <= _MOST_DIGITS
        return (int if whole else float)(number[0]), number.end()
    if word := _WORD.match(text, at):
        return _WORDS[word[0].lower()], word.end()
    raise _due("a value", text, at)


def _object(text: str, at: int, depth: int) -> tuple[dict[str, Any], int]:
    made: dict[str, Any] = {}
    at = _skipped(text, at + 1)
    while not text.startswith("}", at):
        if not text.startswith(('"', "'"), at):
            raise _due("a name in double quotes", text, at)
        name, at = _string(text, at)
        at = _skipped(text, at)
        if not text.startswith(":", at):
            raise _due("a colon", text, at)
        made[name], at = read_value(text, at + 1, depth)
        at = _after_part(text, at, "}")
    return made, at + 1


def _list(text: str, at: int, depth: int) -> tuple[list[Any], int]:
    made: list[Any] = []
    at = _skipped(text, at + 1)
    while not text.startswith("]", at):
        part, at = read_value(text, at, depth)
        made.append(part)
        at = _after_part(text, at, "]")
    return made, at + 1


def _after_part(text: str, at: int, end: str) -> int:
    """Where the next part or `end` is."""
    at = _skipped(text, at)
    if text.startswith(",", at):
        return _skipped(text, at + 1)
    if not text.startswith(end, at):
        raise _due(f"a comma or {end}", text, at)
    return at


def _string(text: str, at: int) -> tuple[str, int]:
    match = _STRING.match(text, at)
    if match is None:
        raise JsonError("this string has no end", at)
    body: str = match[match.lastindex or 1]
    if "\\" not in body:
        return body, match.end()
    try:
        return json.loads(f'"{_ESCAPE.sub(_escaped, body)}"', strict=False), match.end()
    except ValueError:
        raise JsonError("this string has a wrong escape", at) from None


def _escaped(match: re.Match[str]) -> str:
    """JSON has no escaped single quote, and needs one for each double quote."""
    return {"\\'": "'", '"': '\\"'}.get(match[0], match[0])


def _skipped(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _due(what: str, text: str, at: int) -> JsonError:
    is_over = at >= len(text)
    return JsonError("the answer ends within its JSON" if is_over else f"{what} is due", at)
