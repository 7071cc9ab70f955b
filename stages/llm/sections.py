"""The sections within `llm:`: who answers what is about users, and who judges candidates."""

from typing import Annotated, Any, Literal, Protocol, get_args

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from stages.core.addresses import is_local
from stages.core.params import Addresses, Section
from stages.core.spelling import suggestion
from stages.llm.families import Effort
from stages.llm.prices.presets import PRESETS

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

    base_url: Addresses | None = None
    """Its server, or a list of several; null is the preset's own."""

    effort: Effort | None = None
    """As in `llm`; null is that of `llm` if the model is too, else the preset's own."""


class JudgeParams(Section):
    """A reranker that orders and scores candidates, in place of the chat model."""

    provider: Literal["rerank"] = "rerank"
    """A server with `/v1/rerank`, such as vLLM or llama.cpp."""

    model: str = Field(min_length=1)
    """As its server calls it, such as Qwen3-Reranker-0.6B."""

    base_url: Addresses
    """Its server, such as http://127.0.0.1:8000/v1, or a list of several."""

    scores: Literal["probabilities", "logits"] = "probabilities"
    """What the server gives. `probabilities` are 0 … 1, as from vLLM; `logits`, which llama.cpp
    gives for most models, become 1 / (1 + exp(−x))."""


def not_local(urls: tuple[str, ...]) -> str | None:
    """The first address that is not local."""
    return next((url for url in urls if not is_local(url)), None)


def _typed(value: object) -> object:
    """A value of a parameter as a person types it."""
    if not isinstance(value, tuple):
        return value
    return value[0] if len(value) == 1 else f"[{', '.join(value)}]"


class Asking(Protocol):
    """A section that says who is asked."""

    @property
    def provider(self) -> str:
        """Its provider."""

    @property
    def model(self) -> str | None:
        """Its model, if it names one."""


def never_asked(section: str, names: list[str], params: Asking) -> str:
    """The message for settings under a provider that asks no model."""
    provider = "openai"
    if params.model in PRESETS:
        provider = PRESETS[params.model].provider
    elif names == ["replay"]:
        provider = "replay"
    are, it = ("is", "it") if len(names) == 1 else ("are", "them")
    listed = " and ".join(f"{section}.{name}={_typed(getattr(params, name))}" for name in names)
    cure = f"add --set llm.provider={provider}" if section == "llm" else f"name {provider} there"
    return (
        f"{listed} {are} set, but {section}.provider is {params.provider}, which asks no model; "
        f"{cure}, or drop {it}"
    )
