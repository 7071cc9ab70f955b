"""From a raw reply to a typed answer, or a typed outcome: every reply is untrusted."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Generic

from pydantic import ValidationError

from stages.llm.answers.schema import list_field, strict_schema
from stages.llm.answers.spoken import json_in
from stages.llm.chat import ChatModel, Outcome, Reply
from stages.llm.task import A, Message, Task, harmless

REPAIR = (
    "The answer above could not be used: `fault` below says why. Answer the question before it "
    "once more, completely, as one JSON object that fits `schema`, and nothing else."
)
_NOTHING = "(nothing)"
"""Stands for an empty answer in its repair: there are servers that refuse an empty message."""
_LONGEST_FAULT = 300


@dataclass(frozen=True)
class Answer(Generic[A]):
    """The result of a task: the parsed value if there is one, the outcome and the raw reply."""

    value: A | None
    outcome: Outcome
    reply: Reply
    task: Task[A]
    """The question that `reply` answers: after a repair, the request to repair."""
    repaired: bool = False

    @property
    def conversation(self) -> tuple[Message, ...]:
        """Every message up to the reply, and the reply itself, as they were sent."""
        return (*self.task.messages(), Message("assistant", self.reply.text))


async def ask(model: ChatModel, task: Task[A]) -> Answer[A]:
    """Ask; if the answer does not fit its type, ask once more, naming the fault."""
    reply = await model.reply(task)
    value, fault = parse(reply, task)
    if value is not None or reply.outcome != "answered":
        return Answer(value, reply.outcome, reply, task)
    repair = repair_of(task, reply, fault)
    second = await model.reply(repair)
    value, _ = parse(second, repair)
    return Answer(value, outcome_of(second, repair), second, repair, repaired=value is not None)


def parse(reply: Reply, task: Task[A]) -> tuple[A | None, str]:
    """The value that is used, or None and what is wrong.

    Every text in it is as harmless as those of a question.
    """
    return _read(reply.text, task) if reply.outcome == "answered" else (None, reply.outcome)


@lru_cache(maxsize=64)
def _read(text: str, task: Task) -> tuple[Any, str]:
    """Cached, because every wrapper on a reply's way back asks what it is worth."""
    said, field = json_in(text), list_field(task.answer)
    fault = said.fault
    for value in [*said.objects, *({field: part} for part in said.lists if field)]:
        try:
            return task.accept(task.answer.model_validate(harmless(value))), ""
        except ValueError as error:
            fault = fault or _words(error)
    return None, fault or said.nothing


def outcome_of(reply: Reply, task: Task[A]) -> Outcome:
    """The outcome once the reply has been read: an answer of no use is invalid."""
    missed = reply.outcome == "answered" and parse(reply, task)[0] is None
    return "invalid" if missed else reply.outcome


def _words(error: ValueError) -> str:
    """What is wrong with a value, in words that help to repair it."""
    words = str(error)
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "answer"
        words = f"{place}: {first['msg'].removeprefix('Value error, ')}"
    return words[:_LONGEST_FAULT]


def repair_of(task: Task[A], reply: Reply, fault: str) -> Task[A]:
    """The same question once more, after the answer and what is wrong with it."""
    asked = Message("user", task.messages()[-1].content)
    said = Message("assistant", reply.text or _NOTHING)
    return replace(
        task,
        kind=f"{task.kind}-repair",
        payload={"fault": fault, "schema": strict_schema(task.answer)},
        turns=(*task.turns, asked, said),
        request=REPAIR,
        repairs=task,
    )
