"""What a provider's batch interface offers: many questions sent at once, looked at now and then, read when it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from stages.llm.chat import ChatModel, Fault, Reply
from stages.llm.task import Task

State = Literal["waiting", "ended", "crowded", "refused"]


class ServiceError(Exception):
    """The service did not do what it was asked; `fault` says why and whether it may do it later."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


@dataclass(frozen=True)
class Limits:
    """How much one batch may hold."""

    questions: int
    bytes: int


@dataclass(frozen=True)
class Looked:
    """What one look at a batch found.

    `lines` by key once it ended; `crowded` if too much is queued to begin it; `refused` as a whole, with a sentence.
    """

    state: State
    lines: Mapping[str, Any] = field(default_factory=dict)
    sentence: str = ""


class BatchService(ChatModel, Protocol):
    """A provider that takes batches; each method raises a ServiceError, or an E2epError where no run can succeed."""

    limits: Limits

    def size(self, task: Task) -> int:
        """Bytes that a question takes in a batch."""

    async def submit(self, name: str, tasks: Mapping[str, Task]) -> str:
        """Create a batch under our name for it, with the tasks by key; the service's id."""

    async def find(self, name: str, since: float) -> str | None:
        """The service's id of a batch of this name, created about `since` (Unix time) or later."""

    async def look(self, batch: str) -> Looked:
        """How a batch stands; one that the service does not know any more has ended without lines."""

    def read_line(self, line: Any, task: Task) -> Reply:
        """A typed reply from one line of an ended batch."""
