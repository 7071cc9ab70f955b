"""A ChatModel answers a task. Wrappers are chat models too, and stack: cache(retry(budget(ledger(provider))))."""

from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from stages.llm.task import Task

Outcome = Literal["answered", "refused", "truncated", "filtered", "invalid", "failed"]


class Usage(BaseModel):
    """Tokens of one attempt, as the provider counts them."""

    model_config = ConfigDict(frozen=True)

    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0


class Reply(BaseModel):
    """The raw, untrusted answer to one attempt."""

    model_config = ConfigDict(frozen=True)

    text: str
    model: str
    outcome: Outcome = "answered"
    usage: Usage = Usage()


class ChatModel(Protocol):
    """Anything that answers tasks."""

    @property
    def provider(self) -> str:
        """The provider's name, part of every cache key."""

    @property
    def model(self) -> str:
        """The model's name as shown beside its output."""

    @property
    def settings(self) -> dict[str, str | float | int]:
        """Everything else that shapes an answer, part of every cache key."""

    async def reply(self, task: Task) -> Reply:
        """One attempt at one task; raises nothing for a bad answer."""
