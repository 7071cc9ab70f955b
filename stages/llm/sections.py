"""The sections within `llm:`: who answers what is about users, and who judges candidates."""

from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from stages.core.params import Address, Section
from stages.core.spelling import suggestion
from stages.llm.families import Effort

Provider = Literal["offline", "openai", "gemini", "replay", "rehearsal", "rerank"]
_INTERNAL = ("rehearsal", "rerank")


def _known_provider(name: Any) -> Any:
    """`name`, or an error that names the providers, without those that `llm` itself never has."""
    if name in get_args(Provider):
        return name
    known = (one for one in get_args(Provider) if one not in _INTERNAL)
    raise PydanticCustomError("provider", "{hint}", {"hint": suggestion(str(name), known)})


NamedProvider = Annotated[Provider, BeforeValidator(_known_provider)]


class UsersParams(Section):
    """The chat model for questions about users, if it is a different one."""

    provider: NamedProvider
    """As in `llm`; it must be on this machine or in a private network."""

    model: str | None = Field(None, min_length=1)
    """As in `llm`; null is the model of `llm`."""

    base_url: Address | None = None
    """Its server; null is the preset's own."""

    effort: Effort | None = None
    """As in `llm`; null is that of `llm` if the model is too, else the preset's own."""


class JudgeParams(Section):
    """A reranker that orders and scores candidates, in place of the chat model."""

    provider: Literal["rerank"] = "rerank"
    """A server with `/v1/rerank`, such as vLLM or llama.cpp."""

    model: str = Field(min_length=1)
    """As its server calls it, such as Qwen3-Reranker-0.6B."""

    base_url: Address
    """Its server, such as http://127.0.0.1:8000/v1."""

    scores: Literal["probabilities", "logits"] = "probabilities"
    """What the server gives. `probabilities` are 0 … 1, as from vLLM; `logits`, which llama.cpp
    gives for most models, become 1 / (1 + exp(−x))."""
