"""From a raw reply to a typed answer, or a typed outcome: every reply is untrusted."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Generic

from pydantic import ValidationError

from stages.llm.chat import ChatModel, Outcome, Reply
from stages.llm.schema import schema_text
from stages.llm.task import A, Message, Task

_THOUGHT = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL)
_MOST_STARTS = 200
_REPAIR = (
    "The answer above could not be used: `fault` below says why. Answer the question before it "
    "once more, completely, as one JSON object that fits `schema`, and nothing else."
)


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
    repair = _repair(task, reply, fault)
    second = await model.reply(repair)
    value, _ = parse(second, repair)
    outcome: Outcome = (
        "answered"
        if value is not None
        else "invalid"
        if second.outcome == "answered"
        else second.outcome
    )
    return Answer(value, outcome, second, repair, repaired=value is not None)


def parse(reply: Reply, task: Task[A]) -> tuple[A | None, str]:
    """The value of the task's answer type, or None and what is wrong.

    Thoughts before the answer, fences and prose around it are dropped; of several JSON objects
    the first that fits the type counts.
    """
    if reply.outcome != "answered":
        return None, reply.outcome
    fault = ""
    for candidate in json_objects(_THOUGHT.sub("", reply.text)):
        try:
            return task.answer.model_validate_json(candidate), ""
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            fault = fault or f"{'.'.join(map(str, first['loc'])) or 'answer'}: {first['msg']}"
    return None, fault or "there is no JSON object in the answer"


def json_objects(text: str) -> Iterator[str]:
    """The outermost JSON objects in a text."""
    decoder, start = json.JSONDecoder(), text.find("{")
    for _ in range(_MOST_STARTS):
        if start < 0:
            return
        try:
            _, end = decoder.raw_decode(text, start)
            yield text[start:end]
        except (ValueError, RecursionError):
            end = start + 1
        start = text.find("{", end)


def _repair(task: Task[A], reply: Reply, fault: str) -> Task[A]:
    asked = Message("user", task.messages()[-1].content)
    said = Message("assistant", reply.text)
    request = {"fault": fault, "schema": json.loads(schema_text(task.answer))}
    return replace(
        task,
        kind=f"{task.kind}-repair",
        payload=request,
        turns=(*task.turns, asked, said),
        request=_REPAIR,
    )
