"""A ChatModel answers a task. Wrappers are chat models too, and stack.

Their order is in `stages.llm.providers`.
"""

from typing import Annotated, Literal, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict

from stages.core.characters import shown_text
from stages.core.http import Failure
from stages.core.reading import shown_model
from stages.llm.task import Task

Outcome = Literal["answered", "refused", "truncated", "filtered", "invalid", "failed"]
Settings = dict[str, str | float | int]
ONLY_A_THOUGHT = "a thought without an answer"
TOOL_CALL = "a tool call instead of an answer"
"""What is no answer, though a model was paid for it."""


class Usage(BaseModel):
    """Tokens of one attempt, as the provider counts them."""

    model_config = ConfigDict(frozen=True)

    input_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    """Input tokens that the provider put into its cache; OpenAI alone says how many."""
    output_tokens: int = 0


class Reply(BaseModel):
    """The untrusted answer to one attempt; no terminal obeys its text or the model's name."""

    model_config = ConfigDict(frozen=True)

    text: Annotated[str, AfterValidator(shown_text)]
    model: Annotated[str, AfterValidator(shown_model)]
    outcome: Outcome = "answered"
    usage: Usage = Usage()
    dollars: float | None = None
    """What it cost, if the price is known."""
    seconds: float = 0.0
    """How long the successful attempt took."""
    failure: Failure | None = None


class ChatModel(Protocol):
    """Anything that answers tasks."""

    @property
    def provider(self) -> str:
        """The provider's name, part of every cache key."""

    @property
    def model(self) -> str:
        """The model's name, as shown next to its output."""

    @property
    def settings(self) -> Settings:
        """Everything else that shapes an answer, part of every cache key."""

    async def reply(self, task: Task) -> Reply:
        """One attempt at one task; a bad answer raises nothing."""


def failed(model: str, failure: Failure) -> Reply:
    """The reply of an attempt that returned nothing."""
    return Reply(text="", model=model, outcome="failed", failure=failure)


def useless(model: str, reason: str, usage: Usage | None = None) -> Reply:
    """The reply of an attempt that returned no answer, which was paid for and is not repaired."""
    failure = Failure(reason=reason, passing=False)
    return Reply(text="", model=model, outcome="invalid", usage=usage or Usage(), failure=failure)
