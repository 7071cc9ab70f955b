"""How many tokens an attempt can use, and which of a provider's figures to believe."""

from collections.abc import Mapping
from typing import Any

from stages.llm.chat import Usage
from stages.llm.schema import schema_text
from stages.llm.task import Task

CHARACTERS = 3.5
"""Characters per token of English JSON, on the safe side."""
_FRAME = 200
"""Tokens that a protocol adds around messages and schema, at most."""
FRAME_LIKELY = 20
"""The usual number: a few per message."""


def asked_bytes(task: Task) -> int:
    """UTF-8 bytes of messages and schema; no tokeniser makes more tokens than bytes."""
    sent = "".join(message.content for message in task.messages())
    return len(sent.encode()) + len(schema_text(task.answer))


def least(output_tokens: int) -> Usage:
    """What is held ready for the shortest question, which may be answered at full length."""
    return Usage(input_tokens=_FRAME, cache_write_tokens=_FRAME, output_tokens=output_tokens)


def estimated(task: Task, output_tokens: int, frame: int = _FRAME) -> Usage:
    """The tokens that an attempt is likely to read, and the most that it may write.

    All that it reads may go into the provider's cache, at the price of that.
    """
    into = round(asked_bytes(task) / CHARACTERS) + frame
    return Usage(input_tokens=into, cache_write_tokens=into, output_tokens=output_tokens)


def believed(said: Mapping[str, Any], text: str, task: Task, output_tokens: int) -> Usage:
    """The provider's figures; an estimate for each that is missing, impossible or not a number."""
    guess = estimated(task, min(output_tokens, round(len(text.encode()) / CHARACTERS) + 1))
    into = _within(said.get("input_tokens"), 1, asked_bytes(task) + _FRAME, guess.input_tokens)
    out = _within(
        said.get("output_tokens"), 1 if text else 0, output_tokens + _FRAME, guess.output_tokens
    )
    cached = _within(said.get("cached_tokens"), 0, into, 0)
    return Usage(
        input_tokens=into,
        cached_tokens=cached,
        cache_write_tokens=_within(said.get("cache_write_tokens"), 0, into - cached, 0),
        output_tokens=out,
    )


def _within(value: object, least: int, most: int, otherwise: int) -> int:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and least <= value <= most else otherwise  # type: ignore[operator,return-value]
