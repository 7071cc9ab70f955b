"""Questions gathered into groups that fit into one batch."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from stages.llm.batch.notes import NotedBatch
from stages.llm.batch.service import Limits
from stages.llm.chat import Reply
from stages.llm.task import Task


@dataclass(frozen=True)
class Question:
    """A task, and the reply that its caller is waiting for."""

    task: Task
    reply: asyncio.Future[Reply]


@dataclass
class Group:
    """The questions of one batch by cache key; `noted` if an earlier run sent them."""

    noted: NotedBatch | None = None
    asked: dict[str, Question] = field(default_factory=dict)
    size: int = 0
    open: bool = True

    def has_room(self, size: int, limits: Limits) -> bool:
        """Whether there is room for one more question of this many bytes."""
        return self.open and len(self.asked) < limits.questions and self.size + size <= limits.bytes

    def add(self, key: str, question: Question, size: int) -> None:
        """Add a question of this many bytes."""
        self.asked[key] = question
        self.size += size

    def parts(self, count: int) -> list["Group"]:
        """The same questions in at most `count` groups, none of them sent yet."""
        questions = list(self.asked.items())
        size = -(-len(questions) // count)
        return [
            Group(asked=dict(part))
            for part in (
                questions[start : start + size] for start in range(0, len(questions), size)
            )
        ]

    def hand_out(self, replies: Mapping[str, Reply | Exception]) -> None:
        """Give each question that is still waiting its reply or error."""
        for key, question in self.asked.items():
            reply = replies[key]
            if question.reply.done():
                continue
            if isinstance(reply, Exception):
                question.reply.set_exception(reply)
            else:
                question.reply.set_result(reply)

    def fail(self, error: Exception) -> None:
        """Give each question that is still waiting the same error."""
        self.hand_out(dict.fromkeys(self.asked, error))
