"""The course of one batch: sent, looked at until it ended, its answers handed out."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

from stages.core.errors import E2epError, InputError
from stages.core.log import aside
from stages.llm.batch.groups import Group
from stages.llm.batch.notes import Notes
from stages.llm.batch.service import BatchService, Looked, ServiceError
from stages.llm.chat import Fault, Reply, failed
from stages.llm.task import Task
from stages.llm.wrappers.budget import BudgetError, goes_on
from stages.llm.wrappers.cooldown import Clockwork
from stages.llm.wrappers.retry import BusyError

T = TypeVar("T")
CALL = 600.0
"""Seconds that one call may take; an upload can be 200 MB."""
TRIES = 8
"""So often in a row a call may fail, or a group be turned away although nothing else is under way."""
MISSING = Fault(reason="the batch left it unanswered", passing=True)


class Sender:
    """Carries groups to the service and back; looks every `poll` seconds, for at most `minutes`."""

    def __init__(
        self,
        service: BatchService,
        notes: Notes,
        clock: Clockwork,
        poll: float,
        minutes: float | None = None,
    ) -> None:
        self.service, self.notes, self.clock, self.poll, self.minutes = (
            service,
            notes,
            clock,
            poll,
            minutes,
        )
        self.begun, self.under_way = clock.now(), set[str]()

    async def carry(self, group: Group, tries: int = TRIES) -> None:
        """Send a group and hand its answers out; where there is no room for it, after the others, else in halves."""
        batch = await self._insist(lambda: self._created(group))
        looked = await self._looked(batch, group) if batch else Looked("crowded")
        if batch and looked.state == "ended":
            await self._hand_out(batch, group, looked.lines)
            return
        self.notes.forget(list(group.asked))
        if looked.state == "refused":
            raise InputError(looked.sentence)
        alone = not self.under_way
        if alone and not tries:
            raise self._busy(f"has no room for a batch of {len(group.asked):,} questions")
        await self._pause()
        while self.under_way:
            await self._pause()
        for part in group.parts(2 if alone else 1):
            await self.carry(part, tries - alone)

    def said(self) -> str:
        """How many batches are looked after where."""
        count = len(self.under_way)
        return f"{count} {'batches are' if count > 1 else 'batch is'} under way at {self.service.provider}"

    async def _created(self, group: Group) -> str | None:
        """The id of the group's batch, None where there is no room for it.

        After a failure, or a kill, nobody knows whether the batch was created: it is looked for by its name first.
        """
        noted = group.noted
        found = (noted.id or await self.service.find(noted.name, noted.at)) if noted else None
        if noted is None or found is None:
            noted = group.noted = self.notes.intended(self.service, group.asked)
            try:
                tasks = {key: question.task for key, question in group.asked.items()}
                found = await self.service.submit(noted.name, tasks)
            except ServiceError as problem:
                if problem.fault.crowded:
                    return None
                raise
        self.notes.created(noted.name, found)
        return found

    async def _looked(self, batch: str, group: Group) -> Looked:
        aside(
            f"{self.service.provider}: batch {batch} of {len(group.asked):,} questions is under way"
        )
        self.under_way.add(batch)
        try:
            while (
                looked := await self._insist(lambda: self.service.look(batch))
            ).state == "waiting":
                await self._pause()
        finally:
            self.under_way.discard(batch)
        return looked

    async def _hand_out(self, batch: str, group: Group, lines: Mapping[str, Any]) -> None:
        replies = {
            key: self._reply(lines.get(key), question.task) for key, question in group.asked.items()
        }
        answered = [
            key
            for key, reply in replies.items()
            if isinstance(reply, Reply) and reply.outcome == "answered"
        ]
        self.notes.forget(list(replies.keys() - answered))
        aside(f"{self.service.provider}: batch {batch} has ended: {_counts(replies.values())}")
        group.hand_out(replies)
        # Whoever waited stores the answer in the next turn of the loop: only then may the batch be forgotten.
        await asyncio.sleep(0)
        self.notes.forget(answered)

    def _reply(self, line: Any, task: Task) -> Reply | E2epError:
        """The wait for a batch is pause enough before the next attempt."""
        try:
            reply = (
                failed(self.service.model, MISSING)
                if line is None
                else self.service.read_line(line, task)
            )
        except E2epError as error:
            return error
        if reply.fault is None or not reply.fault.passing:
            return reply
        fault = reply.fault.model_copy(update={"retry_after": 0.0, "crowded": False})
        return reply.model_copy(update={"fault": fault})

    async def _insist(self, call: Callable[[], Awaitable[T]]) -> T:
        for _ in range(TRIES):
            try:
                async with asyncio.timeout(CALL):
                    return await call()
            except TimeoutError:
                fault = Fault(reason=f"no answer within {CALL:g} s", passing=True)
            except ServiceError as problem:
                fault = problem.fault
            if not fault.passing:
                raise InputError(
                    f"{self.service.provider} refuses the batch ({fault.reason}); check llm.model, or set llm.mode to "
                    "online"
                )
            await self._pause(fault.retry_after)
        raise self._busy(f"failed {TRIES} times in a row (last: {fault.reason})")

    async def _pause(self, seconds: float | None = None) -> None:
        left = (
            float("inf")
            if self.minutes is None
            else self.begun + self.minutes * 60 - self.clock.now()
        )
        if left <= 0:
            raise BudgetError(
                f"llm.budgets.minutes is {self.minutes:g} and over: {self.said()}; what they answer is not lost, so "
                f"go on with {goes_on('minutes', (self.minutes or 0) * 2)}"
            )
        await self.clock.sleep(min(left, seconds or self.poll))

    def _busy(self, what: str) -> BusyError:
        return BusyError(
            f"{self.service.provider} {what}; every answer so far is kept, so run the same command again later"
        )


def _counts(replies: Iterable[Reply | E2epError]) -> str:
    outcomes = Counter(
        "failed" if isinstance(reply, E2epError) else reply.outcome for reply in replies
    )
    return " · ".join(f"{count:,} {outcome}" for outcome, count in outcomes.items())
