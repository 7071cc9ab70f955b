"""A row for each attempt, failed ones too, in SQLite beside the cache. It never holds a prompt, an answer or a key."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stages.contracts.calls import Calls, summed
from stages.llm.chat import ChatModel, Reply, Usage
from stages.llm.prices.prices import Price
from stages.llm.prices.tokens import estimated
from stages.llm.store.cache import cache_key
from stages.llm.store.database import opened
from stages.llm.task import Task
from stages.llm.wrappers.wrapper import Wrapper

TABLES = (
    "CREATE TABLE IF NOT EXISTS attempts (id INTEGER PRIMARY KEY, at REAL, task TEXT, provider TEXT, model TEXT, "
    "outcome TEXT, reason TEXT, input_tokens INTEGER, cached_tokens INTEGER, output_tokens INTEGER, dollars REAL, "
    "seconds REAL) STRICT",
    "CREATE INDEX IF NOT EXISTS attempts_spent ON attempts (at, input_tokens, output_tokens, dollars)",
    "CREATE INDEX IF NOT EXISTS attempts_begun ON attempts (reason) WHERE outcome = 'begun'",
)
END = (
    "UPDATE attempts SET outcome = ?, reason = ?, input_tokens = ?, cached_tokens = ?, output_tokens = ?, dollars = ?, "
    "seconds = ? WHERE id = ?"
)
SPENT = "SELECT count(*), total(input_tokens + output_tokens), total(dollars) FROM attempts WHERE at >= ?"

COLUMNS = (
    "task",
    "model",
    "calls",
    "input_tokens",
    "cached_tokens",
    "output_tokens",
    "dollars",
    "seconds",
)
TOLD = (
    "SELECT outcome, task, model, count(*), sum(input_tokens), sum(cached_tokens), sum(output_tokens), sum(dollars), "
    "total(seconds) FROM attempts WHERE at >= ? GROUP BY task, model, outcome"
)


@dataclass(frozen=True)
class Spent:
    """Sums over attempts, those under way among them at the most that they may cost."""

    calls: int
    tokens: int
    dollars: float


class Ledger:
    """The file. An attempt is written down before it is made, so that a kill hides none."""

    def __init__(self, file: Path, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self._database = opened(file, TABLES)

    def begun(
        self, task: Task, model: ChatModel, most: Usage, dollars: float | None, question: str = ""
    ) -> int:
        """Note an attempt at the most that it may cost; `question` is the cache key of one that can be taken up."""
        row = (
            self.now(),
            task.kind,
            model.provider,
            model.model,
            "begun",
            question,
            most.input_tokens,
            0,
        )
        sql = "INSERT INTO attempts VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)"
        return self._database.execute(sql, (*row, most.output_tokens, dollars)).lastrowid or 0

    def ended(self, attempt: int, reply: Reply) -> None:
        """Note what came of it, and what it did cost."""
        used, reason = reply.usage, reply.fault.reason if reply.fault else ""
        tokens = (used.input_tokens, used.cached_tokens, used.output_tokens)
        self._database.execute(
            END, (reply.outcome, reason, *tokens, reply.dollars, reply.seconds, attempt)
        )

    def taken_up(self, question: str) -> None:
        """Drop an attempt that an earlier run began and did not see the end of, for it is begun anew."""
        self._database.execute(
            "DELETE FROM attempts WHERE outcome = 'begun' AND reason = ?", (question,)
        )

    def spent(self, since: float) -> Spent:
        """All attempts since then, of every process that uses this file."""
        calls, tokens, dollars = self._database.execute(SPENT, (since,)).fetchone()
        return Spent(calls, int(tokens), dollars)

    def by_task(self, since: float) -> list[Calls]:
        """All attempts since then by task and model; those that a kill cut off have the outcome `begun`."""
        return summed(
            Calls(**row, outcomes={outcome: row["calls"]}) for outcome, row in self._told(since)
        )

    def _told(self, since: float) -> Iterator[tuple[str, dict[str, Any]]]:
        for outcome, *values in self._database.execute(TOLD, (since,)):
            yield outcome, dict(zip(COLUMNS, values, strict=True))

    def close(self) -> None:
        """Close the file."""
        self._database.close()


class Recorded(Wrapper):
    """Writes every attempt of another model into the ledger; `price` is None where nobody knows it."""

    def __init__(
        self,
        inner: ChatModel,
        ledger: Ledger,
        price: Price | None,
        output_tokens: int,
        in_batches: bool = False,
    ) -> None:
        super().__init__(inner)
        self.ledger, self.price, self.output_tokens, self.in_batches = (
            ledger,
            price,
            output_tokens,
            in_batches,
        )

    async def reply(self, task: Task) -> Reply:
        most = estimated(task, self.output_tokens)
        question = cache_key(self, task) if self.in_batches else ""
        attempt = self.ledger.begun(task, self, most, self._dollars(most), question)
        start = time.perf_counter()
        reply = await self.inner.reply(task)
        used = most if reply.fault and reply.fault.billed else reply.usage
        took = {
            "usage": used,
            "dollars": self._dollars(used),
            "seconds": round(time.perf_counter() - start, 3),
        }
        reply = reply.model_copy(update=took)
        self.ledger.ended(attempt, reply)
        return reply

    def _dollars(self, usage: Usage) -> float | None:
        return None if self.price is None else self.price.dollars(usage)


class TakenUp(Wrapper):
    """Drops what an earlier run began for the same question in batch mode, so that no budget counts it twice.

    Either it was never sent, or the batch that it was sent in answers it now.
    """

    def __init__(self, inner: ChatModel, ledger: Ledger) -> None:
        super().__init__(inner)
        self.ledger = ledger

    async def reply(self, task: Task) -> Reply:
        self.ledger.taken_up(cache_key(self.inner, task))
        return await self.inner.reply(task)
