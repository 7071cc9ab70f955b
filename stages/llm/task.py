"""A Task is one question to a chat model, with all that an answer needs."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from stages.core.characters import CONTROL, INVISIBLE, SURROGATES

A = TypeVar("A", bound=BaseModel)
T = TypeVar("T")

_CONTROL = re.compile(rf"[{CONTROL}{SURROGATES}\t\n]")
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_FENCE = re.compile(r"`{3,}|~{3,}")
LONGEST_TEXT = 4000
"""Characters; a longer text in a payload is cut."""


@dataclass(frozen=True)
class Message:
    """One message of a conversation, as every chat protocol has it."""

    role: Literal["system", "user", "assistant"]
    content: str

    def plain(self) -> dict[str, str]:
        """The message as servers and the cache take it."""
        return {"role": self.role, "content": self.content}


def as_it_is(value: T) -> T:
    """Accepts any value."""
    return value


@dataclass(frozen=True)
class Relevance(Generic[A]):
    """A question as a reranker takes it: how relevant is each document to the query?"""

    query: str
    documents: tuple[str, ...]
    answer: Callable[[Sequence[float]], A]
    """The task's answer, from a score of 0 … 1 for each document in turn."""


@dataclass(frozen=True, eq=False)
class Task(Generic[A]):
    """One question to a chat model; equal to itself alone.

    The payload is sent in its own order: what many questions share belongs at its front, where
    providers cache it.
    """

    kind: str
    instructions: str
    payload: dict[str, Any]
    answer: type[A]
    rule: Callable[[dict[str, Any]], A]
    """Answers without a model: a pure, deterministic function of the payload."""
    turns: tuple[Message, ...] = ()
    """The messages of the conversation so far."""
    request: str = ""
    """Comes before the payload, if the instructions are those of an earlier question."""
    relevance: Callable[[dict[str, Any]], Relevance[A]] | None = None
    """The same question for a reranker, a pure function of the payload; None if it has no such
    form."""
    likely: Callable[[dict[str, Any]], A] | None = None
    """Answers at the length of a model, if the rule is shorter; for estimates only."""
    accept: Callable[[A], A] = as_it_is
    """The value as it is used, with labels spelt as they were shown; a ValueError whose words help
    a model to answer better if the value is of no use. Where it raises, nothing was answered."""
    repairs: "Task[A] | None" = None
    """For a request to repair an answer: the question."""

    def after(self, conversation: tuple[Message, ...]) -> "Task[A]":
        """The same question at the end of a conversation.

        The earlier messages stay as they are, so that a provider finds them in its cache.
        """
        if not conversation:
            return self
        system, *turns = conversation
        return replace(
            self, instructions=system.content, turns=tuple(turns), request=self.instructions
        )

    def messages(self) -> list[Message]:
        """The conversation as sent: instructions, earlier turns, the payload as untrusted JSON."""
        return [Message("system", self.instructions), *self.turns, Message("user", self._data)]

    def plain_messages(self) -> list[dict[str, str]]:
        """The same as dictionaries."""
        return [message.plain() for message in self.messages()]

    @cached_property
    def _data(self) -> str:
        data = json.dumps(harmless(self.payload), ensure_ascii=False)
        return f"{self.request}\n\n{data}" if self.request else data


def harmless(value: Any) -> Any:
    """The payload without control and invisible characters and code fences; long texts are cut."""
    if isinstance(value, str):
        return _harmless_text(value)
    if isinstance(value, dict):
        return {key: harmless(part) for key, part in value.items()}
    return [harmless(part) for part in value] if isinstance(value, (list, tuple)) else value


@lru_cache(maxsize=4096)
def _harmless_text(text: str) -> str:
    """Cached, because the questions about a user repeat the same profile and items."""
    text = _FENCE.sub(" ", _CONTROL.sub(" ", _UNSEEN.sub("", text)))
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
