"""A Task is one question: its kind, instructions, JSON payload, answer type, the turns before it, its offline rule."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

A = TypeVar("A", bound=BaseModel)

CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
"""Unicode's categories Cc and Cs, of which lone halves of pairs cannot be sent."""
UNSEEN = re.compile(
    "[\\xad\\u034f\\u061c\\u180b-\\u180f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff\\ufff9-\\ufffb"
    "\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff]"
)
"""What is not drawn: zero width, bidirectional controls, tags, and variation selectors, which can carry any bytes.

The joiners U+200C and U+200D are not among them: some scripts are spelt with them.
"""
FENCE = re.compile(r"`{3,}|~{3,}")
LONGEST = 4000


@dataclass(frozen=True)
class Message:
    """One message of a conversation, as every chat protocol has it."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Task(Generic[A]):
    """One question for a chat model. What its payload names first is sent first: what many questions share belongs there.

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
    wordiness: float = 1.0
    """How many times as long as the rule's a model's answer is, for estimates alone."""

    def after(self, conversation: tuple[Message, ...]) -> "Task[A]":
        """The same question at the end of a conversation, whose messages stay as they are: a provider has them cached."""
        if not conversation:
            return self
        system, *turns = conversation
        return replace(
            self, instructions=system.content, turns=tuple(turns), request=self.instructions
        )

    def messages(self) -> list[Message]:
        """The conversation as sent: instructions, earlier turns, then the payload as untrusted JSON data."""
        return [Message("system", self.instructions), *self.turns, Message("user", self._data)]

    @cached_property
    def _data(self) -> str:
        data = json.dumps(harmless(self.payload), ensure_ascii=False)
        return f"{self.request}\n\n{data}" if self.request else data


def harmless(value: Any) -> Any:
    """The payload without control and unseen characters and code fences, each text at most LONGEST characters."""
    if isinstance(value, str):
        return _harmless_text(value)
    if isinstance(value, dict):
        return {key: harmless(part) for key, part in value.items()}
    return [harmless(part) for part in value] if isinstance(value, (list, tuple)) else value


@lru_cache(maxsize=4096)
def _harmless_text(text: str) -> str:
    """One user's questions repeat the same profile and the same films."""
    text = FENCE.sub(" ", CONTROL.sub(" ", UNSEEN.sub("", text)))
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
