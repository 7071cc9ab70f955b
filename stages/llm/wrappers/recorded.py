"""Every attempt is a row of the ledger."""

import time

from stages.core.errors import E2epError
from stages.core.http import Failure
from stages.llm.answers.structured import outcome_of
from stages.llm.batch.notes import Notes
from stages.llm.chat import ChatModel, Reply, Usage, failed
from stages.llm.prices.prices import Price
from stages.llm.prices.tokens import estimated
from stages.llm.store.cache import cache_key
from stages.llm.store.ledger import Ledger
from stages.llm.task import Task
from stages.llm.wrappers.wrapper import Wrapper


class Recorded(Wrapper):
    """Writes every attempt to the ledger; `price` is None if it is unknown.

    An attempt that the server turns away for good costs nothing. One that was cut off stays at the
    most that it may cost, and so does a question whose batch is under way; `notes` are those of
    batches.
    """

    def __init__(
        self,
        inner: ChatModel,
        ledger: Ledger,
        price: Price | None,
        output_tokens: int,
        notes: Notes | None = None,
    ) -> None:
        super().__init__(inner)
        self.ledger, self.price, self.output_tokens = ledger, price, output_tokens
        self.notes = notes

    async def reply(self, task: Task) -> Reply:
        most = estimated(task, self.output_tokens)
        question = cache_key(self, task) if self.notes else ""
        attempt = self.ledger.begin(task, self, most, self._dollars(most), question)
        start = time.perf_counter()
        try:
            reply = await self.inner.reply(task)
        except E2epError as error:
            if self.notes is None or self.notes.batch_of(question) is None:
                free = failed(self.model, Failure(reason=str(error), passing=False))
                self.ledger.end(
                    attempt, free.model_copy(update={"dollars": self._dollars(Usage())})
                )
            raise
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
