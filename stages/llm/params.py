"""The section `llm:` of params.yaml."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import (
    Field,
    PositiveFloat,
    PositiveInt,
    field_validator,
    model_validator,
)

from stages.core.errors import ParamError
from stages.core.params import Addresses, Section
from stages.llm.chat import Settings
from stages.llm.families import Effort, model_family
from stages.llm.prices.presets import DEFAULT_MODELS, preset
from stages.llm.prices.prices import FINITE, Price, needed_price
from stages.llm.prices.tokens import least
from stages.llm.sections import (
    JudgeParams,
    NamedProvider,
    UsersParams,
    never_asked,
    not_local,
)
from stages.llm.servers.keys import HOMES, OWN_KEY, Key, key_for, keyless
from stages.llm.wrappers.budgeted import Budgets, require_room

Mode = Literal["online", "batch"]
WITHOUT_SERVER = ("offline", "replay", "rehearsal")
"""The providers that ask nobody."""
_ALL_ROWS = 100_000
"""More rows than any data set has here."""


class LlmParams(Section):
    """Which chat model answers tasks, and within which limits."""

    model_config = FINITE
    name: ClassVar[str] = "llm"
    """What these parameters are called in params.yaml."""
    own_key: ClassVar[str] = OWN_KEY
    """The variable with the key for a server that is not the provider's own."""

    provider: NamedProvider = "offline"
    """`offline`: each task's own rule, no key, no network. `openai`: OpenAI, or any server that
    speaks Chat Completions. `gemini`: Google. `replay`: recorded answers from a file.
    `rehearsal`: offline rules that count tokens, for `e2ep cost`."""

    model: str | None = Field(None, min_length=1)
    """A preset of stages/llm/prices/presets.py (`e2ep llm models`), or any name that the server
    knows; null is gpt-6-luna for `openai`, gemini-3.5-flash-lite for `gemini`."""

    base_url: Addresses | None = None
    """A different server, such as http://127.0.0.1:8000/v1, whose model must be named; a local one
    needs no key. Of a list of servers with the same model, a question goes to the least busy one
    that answers."""

    effort: Effort | None = None
    """How hard the model thinks before it answers, as far as its family knows the word
    (stages/llm/families.py); null is the preset's own, or leaves it to the server."""

    temperature: float | None = Field(0.0, ge=0, le=2)
    """Sent to the models that take one; null leaves it to the server."""

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

    fallbacks: PositiveInt = 20
    """The run ends after this many questions of one kind in a row without a usable answer."""

    mode: Mode = "online"
    """`online`: each question on its own. `batch`: all questions at once by the batch interface of
    `openai` or `gemini`, at half the price; answers may take a day."""

    poll: PositiveFloat = 30.0
    """In mode `batch`: seconds between polls of a batch."""

    replay: Path | None = None
    """For the provider `replay`: a file of recorded answers, one JSON object per line. Under
    `offline` it has those of the reranker, or of `users: replay`."""

    users: UsersParams | None = None
    """A local model for users' profiles, reranking and reasons, while items may go out: `offline`,
    or {provider: openai, model: gemma4:e4b}. null is the same model as for items."""

    judge: JudgeParams | None = None
    """A reranker for the candidates, such as {model: Qwen3-Reranker-0.6B, base_url:
    http://127.0.0.1:8000/v1}; profiles and reasons stay with the chat model. null is the chat
    model for users."""

    budgets: Budgets = Budgets()
    """What may be spent."""

    prices: dict[str, Price] = Field({})
    """Your own prices by model, in dollars per million tokens."""

    @field_validator("users", mode="before")
    @classmethod
    def _named(cls, value: Any) -> Any:
        return {"provider": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _asks_whom_it_names(self) -> "LlmParams":
        """Raise a ParamError for what is set but never used, and for what is needed but not set."""
        if self.provider == "rerank" and not isinstance(self, AboutJudgements):
            raise ParamError(
                "llm.provider is rerank, which can only judge candidates; give its model and "
                "base_url under llm.judge, and let llm.provider say who writes profiles and reasons"
            )
        if self.provider == "offline" and (unused := list(self._unused())):
            raise ParamError(never_asked("llm", unused, self))
        if self.users and self.users.provider in WITHOUT_SERVER:
            names = ("model", "base_url", "effort")
            unused = [name for name in names if getattr(self.users, name)]
            if unused:
                raise ParamError(never_asked("llm.users", unused, self.users))
        for asked in self.sections:
            asked.require_usable()
        return self

    @model_validator(mode="after")
    def _keeps_users_here(self) -> "LlmParams":
        """Raise a ParamError if the model for users is not local."""
        chosen = self.about_users
        if self.users and chosen.provider in HOMES and (away := not_local(chosen.addresses)):
            raise ParamError(
                "llm.users keeps what is about users on this machine, but "
                f"{away if chosen.base_url else chosen.model} is not local; set it to offline, or "
                "give it a base_url such as http://127.0.0.1:11434/v1"
            )
        if self.users and self.judge and (away := not_local(self.judge.base_url)):
            raise ParamError(
                "llm.users keeps what is about users on this machine, but llm.judge.base_url "
                f"{away} is not local; give it one that is, or set llm.judge to null"
            )
        return self

    def _unused(self) -> Iterator[str]:
        """What is set under the provider offline, though it is for those that ask a model."""
        users = self.users
        is_lent = users and users.provider not in WITHOUT_SERVER and not users.model
        if self.model and not is_lent:
            yield "model"
        if self.base_url:
            yield "base_url"
        if self.effort and not is_lent:
            yield "effort"
        if self.replay and not (self.judge or (users and users.provider == "replay")):
            yield "replay"
        if self.mode == "batch":
            yield "mode"

    def require_usable(self) -> None:
        """Raise a ParamError if no question could ever be asked with these parameters."""
        if self.provider in WITHOUT_SERVER:
            return
        if self.mode == "batch" and len(self.addresses) > 1:
            raise ParamError(
                f"llm.base_url lists {len(self.addresses)} servers, but llm.mode is batch, which "
                "asks one; give one address or set llm.mode to online"
            )
        name = self.needed_model
        if self.provider in DEFAULT_MODELS:
            family = model_family(preset(name, self.provider).name, self.provider)
            family.require_effort(self.effort, f"{self.name}.effort", name)
        price = needed_price(name, self.prices) if self.budgets.dollars else None
        if price and self.mode == "batch":
            price = price.in_batches()
        require_room(self.budgets, least(self.max_tokens), price)

    @property
    def needed_model(self) -> str:
        """The model's name, the provider's default, or a ParamError if there is neither."""
        if self.model is not None:
            return self.model
        if isinstance(self, AboutUsers):
            raise ParamError(
                f"llm.users.provider is {self.provider}, but neither llm.users.model nor llm.model "
                "names a model; add model: gemma4:e4b there, or another that the server knows"
            )
        if self.base_url:
            raise ParamError(
                f"llm.base_url is {self.address}, but llm.model names no model; add "
                "--set llm.model=NAME with a name that this server knows"
            )
        return DEFAULT_MODELS[self.provider]

    @property
    def settings(self) -> Settings:
        """What is sent to the model besides messages and schema, as its family accepts it."""
        chosen = preset(self.needed_model, self.provider)
        family = model_family(chosen.name, self.provider)
        return family.settings(self.effort or chosen.effort, self.temperature, self.max_tokens)

    @property
    def keyless(self) -> str:
        """What to set to go on without this model."""
        return keyless(self.own_key)

    @property
    def judging(self) -> "LlmParams":
        """The parameters for judging candidates.

        Recorded answers include those of a reranker, and a rehearsal asks none. Under the provider
        offline, `replay` names those of the reranker alone.
        """
        users = self.about_users
        if self.judge is None or self.provider in ("replay", "rehearsal"):
            return users
        chosen = self.judge.model_dump(include={"provider", "model", "base_url"})
        if self.provider == "offline" and self.replay:
            chosen = {"provider": "replay", "model": None, "base_url": None}
        return AboutJudgements.model_construct(
            **dict(self) | chosen | {"users": None, "mode": "online"}
        )

    @property
    def sections(self) -> tuple["LlmParams", ...]:
        """These parameters for items, and those for users and for judging if they differ."""
        users, judge = self.about_users, self.judging
        return (self, *(() if users == self else (users,)), *(() if judge == users else (judge,)))

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
            "model": self.users.model or self.model,
            "effort": self.users.effort or (None if self.users.model else self.effort),
        }
        return AboutUsers.model_construct(**dict(self) | here)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where the servers are; none for a provider that asks none."""
        if self.base_url or self.provider not in HOMES:
            return self.base_url or ()
        own = preset(self.needed_model, self.provider).base_url
        return (own or HOMES[self.provider].url,)

    @property
    def address(self) -> str:
        """Where the server is, or the first of several; empty if there is none."""
        return next(iter(self.addresses), "")

    @property
    def by_server(self) -> tuple["LlmParams", ...]:
        """The parameters for each server alone."""
        if len(self.addresses) < 2:
            return (self,)
        return tuple(self.model_copy(update={"base_url": (url,)}) for url in self.addresses)

    @property
    def key(self) -> Key:
        """The key for the server at `address`; an InputError if it is missing."""
        return key_for(self.provider, self.address, self.own_key)

    @property
    def width(self) -> int:
        """How many rows a stage works on at the same time; batch mode takes all of them at once."""
        return self.concurrency if self.mode == "online" else _ALL_ROWS


class AboutUsers(LlmParams):
    """The section as changed by `llm.users`, whose server never gets the other one's key."""

    name: ClassVar[str] = "llm.users"
    own_key: ClassVar[str] = "E2EP_USERS_API_KEY"


class AboutJudgements(LlmParams):
    """The section as changed by `llm.judge`, whose server never gets another one's key."""

    name: ClassVar[str] = "llm.judge"
    own_key: ClassVar[str] = "E2EP_JUDGE_API_KEY"
