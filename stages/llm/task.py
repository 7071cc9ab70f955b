"""A Task is one question: its kind, instructions, JSON payload, answer type, the turns before it, its offline rule."""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

A = TypeVar("A", bound=BaseModel)

FENCE = re.compile(r"`{3,}|~{3,}")
LONGEST = 4000
JOINERS = "\u200c\u200d"
"""Format characters that spelling needs in some scripts."""
SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Variation selectors, which choose between shapes of a character and can carry any bytes."""


@dataclass(frozen=True)
class Message:
    """One message of a conversation, as every chat protocol has it."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Task(Generic[A]):
    """One question for a chat model.

    `rule` answers it without a model: a pure, deterministic function of the payload. `turns` are the messages of
    the conversation so far. `request` stands before the payload, where the instructions are an earlier question's.
    """

    kind: str
    instructions: str
    payload: dict[str, Any]
    answer: type[A]
    rule: Callable[[dict[str, Any]], A]
    turns: tuple[Message, ...] = ()
    request: str = ""

    def after(self, conversation: tuple[Message, ...]) -> "Task[A]":
        """The same question at the end of a conversation, whose messages stay as they are: a provider has them cached."""
        if not conversation:
            return self
        system, *turns = conversation
        return replace(self, instructions=system.content, turns=tuple(turns), request=self.instructions)

    def messages(self) -> list[Message]:
        """The conversation as sent: instructions, earlier turns, then the payload as untrusted JSON data."""
        return [Message("system", self.instructions), *self.turns, Message("user", self._data)]

    @cached_property
    def _data(self) -> str:
        data = json.dumps(harmless(self.payload), ensure_ascii=False, sort_keys=True)
        return f"{self.request}\n\n{data}" if self.request else data


def harmless(value: Any) -> Any:
    """The payload without control and invisible characters and code fences, each text at most LONGEST characters.

    Control characters become blanks. Format characters (zero width, bidirectional controls, tags) go, so that a text
    is sent as a person sees it; only the joiners stay.
    """
    if isinstance(value, dict):
        return {key: harmless(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [harmless(part) for part in value]
    if not isinstance(value, str):
        return value
    text = value if value.isascii() and value.isprintable() else SELECTORS.sub("", "".join(map(_seen, value)))
    text = FENCE.sub(" ", text)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    return " " if category in ("Cc", "Cs") else "" if category == "Cf" and character not in JOINERS else character
