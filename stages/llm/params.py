"""The section `llm:` of params.yaml."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    PositiveFloat,
    PositiveInt,
    field_validator,
    model_validator,
)

from stages.core.errors import ParamError
from stages.core.params import Section
from stages.llm.keys import checked_address, is_local
from stages.llm.prices.presets import preset
from stages.llm.prices.prices import FINITE, Price
from stages.llm.wrappers.budgeted import Budgets

Provider = Literal["offline", "openai", "gemini", "replay", "rehearsal"]
Mode = Literal["online", "batch"]
Address = Annotated[str, AfterValidator(checked_address)]
_ALL_ROWS = 100_000
"""More rows than any data set has here."""


class UsersParams(Section):
    """The chat model for questions about users, if it is a different one."""

    provider: Provider
    """As in `llm`; it must be on this machine or in a private network."""

    model: str | None = Field(None, min_length=1)
    """As in `llm`; null is the model of `llm`."""

    base_url: Address | None = None
    """Its server; null is the preset's own."""


class LlmParams(Section):
    """Which chat model answers tasks, and within which limits."""

    model_config = FINITE

    provider: Provider = "offline"
    """`offline`: each task's own rule, no key, no network. `openai`: OpenAI, or any server that
    speaks Chat Completions. `gemini`: Google. `replay`: recorded answers from a file.
    `rehearsal`: offline rules that count tokens, for `e2ep cost`."""

    model: str = Field("gpt-4o-mini", min_length=1)
    """A preset of stages/llm/prices/presets.py, or any name that the server knows."""

    base_url: Address | None = None
    """A different server, such as http://127.0.0.1:8000/v1; a local one needs no key."""

    temperature: float | None = Field(0.0, ge=0, le=2)
    """Not sent to reasoning models; null leaves it to the server."""

    max_tokens: int = Field(4096, ge=1, le=10_000_000)
    """The longest answer, reasoning included."""

    concurrency: PositiveInt = 8
    """Attempts under way at the same time."""

    timeout: PositiveFloat = 120.0
    """Seconds that one attempt may take."""

    attempts: PositiveInt = 8
    """Attempts at one question, as long as the failure may be temporary."""

    breaker: PositiveInt = 5
    """The run ends after this many failed questions in a row."""

    mode: Mode = "online"
    """`online`: each question on its own. `batch`: all questions at once by the batch interface of
    `openai` or `gemini`, at half the price; answers may take a day."""

    poll: PositiveFloat = 30.0
    """In mode `batch`: seconds between polls of a batch."""

    replay: Path | None = None
    """For the provider `replay`: a file of recorded answers, one JSON object per line."""

    users: UsersParams | None = None
    """A local model for users' profiles, reranking and reasons, while items may go out: `offline`,
    or {provider: openai, model: gemma-3-4b}. null is the same model as for items."""

    budgets: Budgets = Budgets()
    """What may be spent."""

    prices: dict[str, Price] = Field({})
    """Your own prices by model, in dollars per million tokens."""

    @field_validator("users", mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return {"provider": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _keeps_users_here(self) -> "LlmParams":
        """Raise a ParamError if the model for users is not local."""
        chosen = self.about_users
        if self.users and chosen.provider in ("openai", "gemini"):
            address = chosen.base_url or preset(chosen.model, chosen.provider).base_url
            if not address or not is_local(address):
                raise ParamError(
                    "llm.users keeps what is about users on this machine, but "
                    f"{address or chosen.model} is not local; set it to offline, or give it a "
                    "base_url such as http://127.0.0.1:11434/v1"
                )
        return self

    @property
    def about_users(self) -> "LlmParams":
        """The parameters for every question about a user.

        They are the same for a rehearsal, which asks no server, and for recorded answers, which
        include those of a local server.
        """
        recorded = (
            self.provider == "replay"
            and self.users is not None
            and self.users.provider != "offline"
        )
        if self.users is None or self.provider == "rehearsal" or recorded:
            return self
        here = {
            "provider": self.users.provider,
            "base_url": self.users.base_url,
            "users": None,
            "mode": "online",
        }
        return AboutUsers.model_construct(
            **dict(self) | here | {"model": self.users.model or self.model}
        )

    @property
    def openai_key(self) -> str:
        """The variable that holds the key for a server with OpenAI's protocol."""
        return "OPENAI_API_KEY"

    @property
    def width(self) -> int:
        """How many rows a stage works on at the same time; batch mode takes all of them at once."""
        return self.concurrency if self.mode == "online" else _ALL_ROWS


class AboutUsers(LlmParams):
    """The section as changed by `llm.users`, whose server never gets the other one's key."""

    @property
    def openai_key(self) -> str:
        return "E2EP_USERS_API_KEY"
