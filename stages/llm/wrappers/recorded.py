"""Every attempt is a row of the ledger."""

import time

from stages.llm.chat import ChatModel, Reply, Usage
from stages.llm.prices.prices import Price
from stages.llm.prices.tokens import estimated
from stages.llm.store.cache import cache_key
from stages.llm.store.ledger import Ledger
from stages.llm.structured import outcome_of
from stages.llm.task import Task
from stages.llm.wrappers.wrapper import Wrapper


class Recorded(Wrapper):
    """Writes every attempt to the ledger; `price` is None if it is unknown."""

    def __init__(
        self,
        inner: ChatModel,
        ledger: Ledger,
        price: Price | None,
        output_tokens: int,
        in_batches: bool = False,
    ) -> None:
        super().__init__(inner)
        self.ledger, self.price, self.output_tokens = ledger, price, output_tokens
        self.in_batches = in_batches

    async def reply(self, task: Task) -> Reply:
        most = estimated(task, self.output_tokens)
        question = cache_key(self, task) if self.in_batches else ""
        attempt = self.ledger.begin(task, self, most, self._dollars(most), question)
        start = time.perf_counter()
        reply = await self.inner.reply(task)
        used = most if reply.failure and reply.failure.billed else reply.usage
        took = {
            "usage": used,
            "dollars": self._dollars(used),
            "seconds": round(time.perf_counter() - start, 3),
        }
        reply = reply.model_copy(update=took)
        read = {"outcome": outcome_of(reply, task)}
        self.ledger.end(attempt, reply.model_copy(update=read))
        return reply

    def _dollars(self, usage: Usage) -> float | None:
        return None if self.price is None else self.price.dollars(usage)


class Resumed(Wrapper):
    """Drops the row that an earlier run began for the same question, so that no budget counts both.

    In batch mode that question was either never sent, or its batch answers it now.
    """

    def __init__(self, inner: ChatModel, ledger: Ledger) -> None:
        super().__init__(inner)
        self.ledger = ledger

    async def reply(self, task: Task) -> Reply:
        self.ledger.drop_begun(cache_key(self.inner, task))
        return await self.inner.reply(task)
