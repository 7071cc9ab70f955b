"""Providers, imported on demand; `connected` puts the wrappers around one.

Counted(Cached(Breaker(Retrying(Limited(Budgeted(Recorded(Masked(Timed(provider))))))))): each
attempt is checked against the budget when its turn comes, and recorded; a question counts towards
the breaker once all its attempts have failed. What Counted or Budgeted raises ends the work of all:
from then on Budgeted lets no attempt begin, and every wait ends. For several servers of one model,
Balanced(providers) is in the place of Timed(provider).

In batch mode, where all questions may be under way at once, for a day:
Counted(Cached(Breaker(Retrying(Resumed(Budgeted(Recorded(Masked(Batched(provider))))))))).
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module

from stages.core.cache import cache_folder
from stages.core.errors import MissingError
from stages.core.http import Backoff
from stages.llm.batch.batched import Batched
from stages.llm.batch.notes import Notes
from stages.llm.batch.sender import Sender
from stages.llm.chat import ChatModel
from stages.llm.params import WITHOUT_SERVER, LlmParams
from stages.llm.prices.prices import needed_price, price_of
from stages.llm.servers.client import key_header, mask_of
from stages.llm.store.cache import AnswerCache
from stages.llm.store.ledger import Ledger
from stages.llm.waiting.cooldown import Cooldown
from stages.llm.waiting.waits import Clockwork, Waits
from stages.llm.wrappers.balanced import Balanced
from stages.llm.wrappers.breaker import Breaker
from stages.llm.wrappers.budgeted import Budgeted
from stages.llm.wrappers.cached import Cached
from stages.llm.wrappers.counted import Counted
from stages.llm.wrappers.limited import Limited
from stages.llm.wrappers.masked import Masked
from stages.llm.wrappers.recorded import Recorded, Resumed
from stages.llm.wrappers.retrying import Retrying
from stages.llm.wrappers.timed import Timed


@asynccontextmanager
async def connected(params: LlmParams, clock: Clockwork | None = None) -> AsyncIterator[Counted]:
    """The chat model that params.yaml names, for as long as it is needed.

    Offline rules and recorded answers cost nothing: they get no wrappers and no files.
    """
    if params.provider in WITHOUT_SERVER:
        fallbacks = params.fallbacks if params.provider == "replay" else None
        yield Counted(connect(params), fallbacks)
        return
    async with AsyncExitStack() as closing:
        providers = [connect(one) for one in params.by_server]
        for provider in providers:
            closing.push_async_callback(provider.close)  # type: ignore[attr-defined]
        folder = cache_folder()
        ledger = Ledger(folder / "ledger.sqlite")
        closing.callback(ledger.close)
        minutes, notes = params.budgets.minutes, None
        if params.mode == "batch":
            waits, notes = Waits(clock), Notes(folder / "batches.sqlite")
            provider = Batched(Sender(provider, notes, waits, params.poll, minutes))  # type: ignore[arg-type]
            closing.push_async_callback(provider.close)
        else:
            waits = Waits(clock, minutes)
        cache = AnswerCache(folder / "replies.sqlite")
        if notes is None and len(providers) == 1:
            provider = Timed(provider, params.timeout)
        elif notes is None:
            provider = Balanced(providers, params.timeout, waits.now)  # type: ignore[arg-type]
        cached = Cached(_resilient(provider, params, ledger, waits, notes), cache, waits)
        closing.callback(cached.close)
        yield Counted(cached, params.fallbacks, waits.halt, params.name)


def connect(params: LlmParams) -> ChatModel:
    """The bare provider, made from the parameters by `connect` in the module of its name.

    Batches have a separate module, such as openai_batch.
    """
    in_batches = params.mode == "batch" and params.provider in ("openai", "gemini")
    name = f"{params.provider}_batch" if in_batches else params.provider
    try:
        module = import_module(f"stages.llm.providers.{name}")
    except ModuleNotFoundError as error:
        raise MissingError(
            f"llm.provider {params.provider} needs the package {error.name}, which is not "
            "installed; run pip install -e . -c constraints.txt"
        ) from error
    provider: ChatModel = module.connect(params)
    return provider


def _resilient(
    provider: ChatModel, params: LlmParams, ledger: Ledger, waits: Waits, notes: Notes | None
) -> ChatModel:
    find = needed_price if params.budgets.dollars else price_of
    price = find(params.needed_model, params.prices)
    price = price.in_batches() if price and notes else price
    said = (key_header(one.address, one.key.value) for one in params.by_server)
    mask = mask_of(value for headers in said for value in headers.values())
    recorded = Recorded(Masked(provider, mask), ledger, price, params.max_tokens, notes)
    budgeted = Budgeted(recorded, params.budgets, ledger, price, params.max_tokens, waits)
    backoff = Backoff(params.attempts)
    cooldown = Cooldown(waits, backoff.first)
    gate: ChatModel = Limited(budgeted, params.concurrency, cooldown)
    if notes:
        gate = Resumed(budgeted, ledger)
    return Breaker(Retrying(gate, backoff, cooldown), params.breaker, params.key.variable)
