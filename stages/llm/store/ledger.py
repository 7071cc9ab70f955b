"""A row for each attempt, failed ones too, in SQLite next to the cache.

It never holds a prompt, an answer or a key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stages.contracts.calls import Calls, summed
from stages.core.cache import opened
from stages.core.reading import shown_model
from stages.llm.chat import ChatModel, Reply, Usage
from stages.llm.store.steady import SystemTime, system_time
from stages.llm.task import Task

_TABLES = (
    "CREATE TABLE IF NOT EXISTS attempts (id INTEGER PRIMARY KEY, at REAL, task TEXT, "
    "provider TEXT, model TEXT, outcome TEXT, reason TEXT, input_tokens INTEGER, "
    "cached_tokens INTEGER, output_tokens INTEGER, dollars REAL, seconds REAL) STRICT",
    "CREATE INDEX IF NOT EXISTS attempts_spent ON attempts "
    "(at, input_tokens, output_tokens, dollars)",
    "CREATE INDEX IF NOT EXISTS attempts_begun ON attempts (reason) WHERE outcome = 'begun'",
    "CREATE TABLE IF NOT EXISTS boots (boot TEXT PRIMARY KEY, start REAL) STRICT",
)
_END = (
    "UPDATE attempts SET outcome = ?, reason = ?, input_tokens = ?, cached_tokens = ?, "
    "output_tokens = ?, dollars = ?, seconds = ? WHERE id = ?"
)
_SPENT = (
    "SELECT count(*), total(input_tokens + output_tokens), total(dollars) "
    "FROM attempts WHERE at >= ?"
)
_BY_OUTCOME = (
    "SELECT outcome, task, model, count(*), sum(input_tokens), sum(cached_tokens), "
    "sum(output_tokens), sum(dollars), total(seconds) "
    "FROM attempts WHERE at >= ? GROUP BY task, model, outcome"
)
_FIELDS = (
    "task",
    "model",
    "calls",
    "input_tokens",
    "cached_tokens",
    "output_tokens",
    "dollars",
    "seconds",
)


@dataclass(frozen=True)
class Spent:
    """Sums over attempts; those under way count as the most that they may cost."""

    calls: int
    tokens: int
    dollars: float


class Ledger:
    """The file. An attempt is written down before it is made, so that a kill hides none.

    `now` is Unix time as it was when a ledger was first opened since the machine was started, plus
    the seconds since. So a budget of hours outlives a clock that is set, but not one that is set
    ahead before the machine starts, nor (where the system has no name for a start) ahead between
    two processes.
    """

    def __init__(
        self,
        file: Path,
        now: Callable[[], float] | None = None,
        system: SystemTime | None = None,
    ) -> None:
        self._database = opened(file, _TABLES)
        self.now = now or self._steady(system or system_time())

    def lock(self) -> None:
        """Let no other process begin an attempt until this one has, or until `unlock`.

        In between nothing may be awaited.
        """
        self._database.execute("BEGIN IMMEDIATE")

    def unlock(self) -> None:
        """Let other processes begin attempts again."""
        if self._database.in_transaction:
            self._database.execute("COMMIT")

    def begin(
        self, task: Task, model: ChatModel, most: Usage, dollars: float | None, question: str = ""
    ) -> int:
        """Record an attempt at the most that it may cost, and return its number.

        question: the cache key, if a later run can resume the attempt.
        """
        names = (task.kind, model.provider, shown_model(model.model), "begun", question)
        row = (self.now(), *names, most.input_tokens, 0, most.output_tokens, dollars)
        sql = "INSERT INTO attempts VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)"
        try:
            return self._database.execute(sql, row).lastrowid or 0
        finally:
            self.unlock()

    def end(self, attempt: int, reply: Reply) -> None:
        """Record the outcome of an attempt and what it cost."""
        used, reason = reply.usage, reply.failure.reason if reply.failure else ""
        tokens = (used.input_tokens, used.cached_tokens, used.output_tokens)
        row = (reply.outcome, reason, *tokens, reply.dollars, reply.seconds, attempt)
        self._database.execute(_END, row)

    def drop_begun(self, question: str) -> None:
        """Drop an attempt that an earlier run began but did not finish."""
        sql = "DELETE FROM attempts WHERE outcome = 'begun' AND reason = ?"
        self._database.execute(sql, (question,))

    def spent(self, since: float) -> Spent:
        """All attempts since then, of every process that uses this file."""
        calls, tokens, dollars = self._database.execute(_SPENT, (since,)).fetchone()
        return Spent(calls, int(tokens), dollars)

    def by_task(self, since: float) -> list[Calls]:
        """All attempts since then by task and model; one cut off by a kill is `begun`."""
        rows = []
        for outcome, *values in self._database.execute(_BY_OUTCOME, (since,)):
            row = dict(zip(_FIELDS, values, strict=True))
            rows.append(Calls(**row, outcomes={outcome: row["calls"]}))
        return summed(rows)

    def _steady(self, system: SystemTime) -> Callable[[], float]:
        """The first process since the machine was started decides when that was."""
        [newest] = self._database.execute("SELECT coalesce(max(at), 0) FROM attempts").fetchone()
        start = system.start(newest)
        if system.boot:
            self._database.execute(
                "INSERT OR IGNORE INTO boots VALUES (?, ?)", (system.boot, start)
            )
            sql = "SELECT start FROM boots WHERE boot = ?"
            [start] = self._database.execute(sql, (system.boot,)).fetchone()
        return lambda: start + system.ticks()

    def close(self) -> None:
        """Close the file."""
        self._database.close()
