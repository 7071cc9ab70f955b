"""The life of one batch: it is sent, polled until it ends, and its answers handed out."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from stages.core.errors import E2epError, InputError
from stages.core.http import BusyError, Failure
from stages.core.log import aside
from stages.core.reading import shown_name
from stages.llm.batch.groups import Group
from stages.llm.batch.notes import Notes
from stages.llm.batch.service import BatchService, BatchStatus, ServiceError
from stages.llm.chat import Reply, failed
from stages.llm.task import Task
from stages.llm.waiting.deadline import BudgetError, Deadline, command_to_continue
from stages.llm.waiting.waits import Waits
from stages.llm.wrappers.breaker import gone

T = TypeVar("T")
_CALL_SECONDS = 600.0
"""How long one call may take; an upload can be 200 MB."""
_TRIES = 8
"""How often a call may fail in a row, or a group be rejected while no batch is under way."""
_ABSENT_TRIES, _ABSENT_PAUSE = 3, 1.0
"""The same, and seconds between, where there is no server and no batch to wait for."""
_UNANSWERED = Failure(reason="the batch left it unanswered", passing=True)


class Sender:
    """Takes groups to the service and back; polls every `poll` seconds, for at most `minutes`."""

    def __init__(
        self,
        service: BatchService,
        notes: Notes,
        waits: Waits,
        poll: float,
        minutes: float | None = None,
    ) -> None:
        self.service, self.notes, self.waits = service, notes, waits
        self.poll, self.deadline = poll, Deadline(minutes, waits.now)
        self.under_way = set[str]()

    async def carry(self, group: Group, tries: int = _TRIES) -> None:
        """Send a group, wait for its end and hand its answers out.

        A group that the service has no room for is sent again once the batches under way have
        ended, or in halves if there are none.
        """
        self._require_time()
        batch = await self._insist(lambda: self._submit(group))
        status = await self._wait_for(batch, group) if batch else BatchStatus("crowded")
        if batch and status.state == "ended":
            await self._hand_out(batch, group, status.lines)
            return
        self.notes.forget(list(group.asked))
        if status.state == "refused":
            raise InputError(status.sentence)
        alone = not self.under_way
        if alone and not tries:
            raise self._busy(f"has no room for a batch of {len(group.asked):,} questions")
        await self._look_later("room for a batch")
        while self.under_way:
            await self._look_later("room for a batch")
        for part in group.parts(2 if alone else 1):
            await self.carry(part, tries - alone)

    def describe(self) -> str:
        """How many batches are under way, and where."""
        verb = "are" if len(self.under_way) > 1 else "is"
        return f"{self._counted()} {verb} under way at {self.service.provider}"

    def _counted(self) -> str:
        count = len(self.under_way)
        return f"{count} batch{'es' if count > 1 else ''}"

    async def _submit(self, group: Group) -> str | None:
        """The id of the group's batch; None if there is no room for it.

        After a failure or a kill nobody knows whether the batch was created: so it is first looked
        up by name.
        """
        noted, batch = group.noted, None
        if noted:
            batch = noted.id or await self.service.find(noted.name, noted.at)
        if noted is None or batch is None:
            noted = group.noted = self.notes.intend(self.service, group.asked)
            try:
                tasks = {key: question.task for key, question in group.asked.items()}
                batch = await self.service.submit(noted.name, tasks)
            except E2epError:
                self._withdraw(group)
                raise
            except ServiceError as error:
                if error.failure.crowded:
                    return None
                if error.failure.absent or not error.failure.passing:
                    self._withdraw(group)
                raise
        self.notes.confirm(noted.name, batch)
        return batch

    def _withdraw(self, group: Group) -> None:
        """Forget a batch that was certainly not created."""
        self.notes.forget(list(group.asked))
        group.noted = None

    async def _wait_for(self, batch: str, group: Group) -> BatchStatus:
        count, name = len(group.asked), shown_name(batch)
        aside(f"{self.service.provider}: batch {name} of {count:,} questions is under way")
        self.under_way.add(batch)
        try:
            while True:
                status = await self._insist(lambda: self.service.status(batch))
                if status.state != "waiting":
                    return status
                await self._look_later(self._counted(), " (which may take a day)")
        finally:
            self.under_way.discard(batch)

    async def _hand_out(self, batch: str, group: Group, lines: Mapping[str, Any]) -> None:
        replies = {
            key: self._reply(lines.get(key), question.task) for key, question in group.asked.items()
        }
        outcomes = {
            key: reply.outcome if isinstance(reply, Reply) else "failed"
            for key, reply in replies.items()
        }
        answered = [key for key, outcome in outcomes.items() if outcome == "answered"]
        self.notes.forget(list(replies.keys() - answered))
        counts = Counter(outcomes.values()).items()
        summary = " · ".join(f"{count:,} {outcome}" for outcome, count in counts)
        aside(f"{self.service.provider}: batch {shown_name(batch)} has ended: {summary}")
        group.hand_out(replies)
        # The waiting tasks store their answers in the next turn of the event loop; only then may
        # the batch be forgotten.
        await asyncio.sleep(0)
        self.notes.forget(answered)

    def _reply(self, line: Any, task: Task) -> Reply | E2epError:
        """The reply in a line; waiting for a batch is enough of a pause before the next attempt."""
        if line is None:
            reply = failed(self.service.model, _UNANSWERED)
        else:
            try:
                reply = self.service.read_line(line, task)
            except E2epError as error:
                return error
        if reply.failure is None or not reply.failure.passing:
            return reply
        failure = reply.failure.model_copy(update={"retry_after": 0.0, "crowded": False})
        return reply.model_copy(update={"failure": failure})

    async def _insist(self, call: Callable[[], Awaitable[T]]) -> T:
        """The result of a call to the service, repeated while its failure may be temporary."""
        for tried in range(1, _TRIES + 1):
            try:
                async with asyncio.timeout(_CALL_SECONDS):
                    return await call()
            except TimeoutError:
                failure = Failure(reason=f"no answer within {_CALL_SECONDS:g} s", passing=True)
            except ServiceError as error:
                failure = error.failure
            if not failure.passing:
                raise InputError(
                    f"{self.service.provider} refuses the batch ({failure.reason}); check "
                    "llm.model, or set llm.mode to online"
                )
            if failure.absent and not self.under_way:
                if tried >= _ABSENT_TRIES:
                    raise gone(failure, self.service.key)
                pause = _ABSENT_PAUSE
            else:
                pause = failure.retry_after or self.poll
            await self._pause(pause, f"{self.service.provider} ({failure.reason})", True)
        raise self._busy(f"failed {_TRIES} times in a row (last: {failure.reason})")

    async def _look_later(self, what: str, more: str = "") -> None:
        await self._pause(self.poll, f"{what} at {self.service.provider}{more}", False)

    async def _pause(self, seconds: float, what: str, is_known: bool) -> None:
        self._require_time()
        left = self.deadline.left
        await self.waits.sleep(seconds if left is None else min(left, seconds), what, is_known)

    def _require_time(self) -> None:
        """Raise a BudgetError if the minutes are over."""
        minutes = self.deadline.minutes
        if minutes is not None and (self.deadline.left or 0) <= 0:
            raise BudgetError(
                f"llm.budgets.minutes is {minutes:g} and over: {self.describe()}; what they "
                f"answer is not lost, so go on with {command_to_continue('minutes', minutes * 2)}"
            )

    def _busy(self, what: str) -> BusyError:
        return BusyError(
            f"{self.service.provider} {what}; every answer so far is kept, so run the same command "
            "again later"
        )
