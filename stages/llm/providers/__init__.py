"""Providers, imported on demand; `connected` stacks the wrappers on one.

count(cache(breaker(retry(limit(budget(ledger(deadline(provider)))))))): each attempt is checked against the budget when its
turn has come, and recorded; a question counts for the breaker once all its attempts have failed. In batch mode it is
count(cache(breaker(retry(taken up(budget(ledger(batched(provider)))))))): everything may be under way at once, for a day.
"""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module

from stages.llm.batch.batched import Batched
from stages.llm.batch.notes import Notes
from stages.llm.batch.sender import Sender
from stages.llm.chat import ChatModel
from stages.llm.params import LlmParams
from stages.llm.prices.prices import needed_price, price_of
from stages.llm.store.cache import Cached
from stages.llm.store.database import cache_folder
from stages.llm.store.ledger import Ledger, Recorded, TakenUp
from stages.llm.wrappers.breaker import Breaker
from stages.llm.wrappers.budget import Budgeted, ending
from stages.llm.wrappers.cooldown import Clockwork, Cooldown
from stages.llm.wrappers.counted import Counted
from stages.llm.wrappers.deadline import Timed
from stages.llm.wrappers.limit import Limited
from stages.llm.wrappers.retry import Backoff, Retried


@asynccontextmanager
async def connected(params: LlmParams, clock: Clockwork | None = None) -> AsyncIterator[Counted]:
    """The chat model that params.yaml names, for as long as it is needed.

    Offline rules and recorded answers cost nothing: they come without wrappers and files.
    """
    if params.provider in ("offline", "replay", "rehearsal"):
        yield Counted(connect(params))
        return
    async with AsyncExitStack() as closing:
        provider = connect(params)
        closing.push_async_callback(provider.close)  # type: ignore[attr-defined]
        folder = cache_folder()
        ledger = Ledger(folder / "ledger.sqlite")
        closing.callback(ledger.close)
        clock = clock or Clockwork()
        if params.mode == "batch":
            notes = Notes(folder / "batches.sqlite")
            provider = Batched(Sender(provider, notes, clock, params.poll, params.budgets.minutes))  # type: ignore[arg-type]
            closing.push_async_callback(provider.close)
        else:
            clock = ending(clock, params.budgets.minutes)
        cached = Cached(_resilient(provider, params, ledger, clock), folder / "replies.sqlite")
        closing.callback(cached.close)
        yield Counted(cached)


def connect(params: LlmParams) -> ChatModel:
    """The bare provider, without any wrapper: what `connect` makes of the parameters in the file of its name.

    Batches have a file of their own beside it, such as openai_batch.py.
    """
    in_batches = params.mode == "batch" and params.provider in ("openai", "gemini")
    module = import_module(
        f"stages.llm.providers.{params.provider}{'_batch' if in_batches else ''}"
    )
    provider: ChatModel = module.connect(params)
    return provider


def _resilient(
    provider: ChatModel, params: LlmParams, ledger: Ledger, clock: Clockwork
) -> ChatModel:
    find = needed_price if params.budgets.dollars else price_of
    price, in_batches = find(params.model, params.prices), params.mode == "batch"
    price = price.in_batches() if price and in_batches else price
    timed = provider if in_batches else Timed(provider, params.timeout)
    recorded = Recorded(timed, ledger, price, params.max_tokens, in_batches)
    budgeted = Budgeted(recorded, params.budgets, ledger, price, params.max_tokens, time.time)
    backoff = Backoff(params.attempts)
    cooldown = Cooldown(clock, backoff.first)
    gate = (
        TakenUp(budgeted, ledger) if in_batches else Limited(budgeted, params.concurrency, cooldown)
    )
    return Breaker(Retried(gate, backoff, cooldown, clock), params.breaker)
