"""What a provider's batch interface offers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from stages.core.http import Failure
from stages.llm.chat import ChatModel, Reply
from stages.llm.task import Task

State = Literal["waiting", "ended", "crowded", "refused"]


class ServiceError(Exception):
    """The service did not do what it was asked; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


@dataclass(frozen=True)
class Limits:
    """The limits of one batch."""

    questions: int
    bytes: int


@dataclass(frozen=True)
class BatchStatus:
    """The state of a batch."""

    state: State
    """`crowded`: too much is queued to begin it. `refused`: the batch was refused as a whole."""
    lines: Mapping[str, Any] = field(default_factory=dict)
    """Once it has ended, its answers by key."""
    sentence: str = ""
    """Why it was refused, for people to read."""


class BatchService(ChatModel, Protocol):
    """A provider that takes batches.

    Each method raises a ServiceError, or an E2epError if no run can succeed.
    """

    limits: Limits
    key: str
    """The variable with its key."""

    def size(self, task: Task) -> int:
        """How many bytes a question takes up in a batch."""

    async def submit(self, name: str, tasks: Mapping[str, Task]) -> str:
        """Create a batch of tasks by key, under our name, and return the service's id."""

    async def find(self, name: str, since: float, /) -> str | None:
        """The id of the batch of this name, created about `since` (Unix time) or later."""

    async def status(self, batch: str) -> BatchStatus:
        """The state of a batch; one that the service no longer knows has ended without lines."""

    def read_line(self, line: Any, task: Task) -> Reply:
        """A typed reply from one line of an ended batch."""
