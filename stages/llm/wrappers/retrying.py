"""Attempts that failed for a temporary reason are repeated later."""

from math import inf

from stages.core.http import Backoff
from stages.llm.chat import ChatModel, Reply
from stages.llm.task import Task
from stages.llm.waiting.cooldown import Cooldown
from stages.llm.wrappers.wrapper import Wrapper

_ABSENT_SECONDS = 5.0
"""How long a server without any connection is tried again: it may be starting anew."""


class Retrying(Wrapper):
    """Makes up to `backoff.attempts` attempts.

    If the server is overloaded or says how long to wait, `cooldown` makes every question wait;
    after any other failure only this one does. Where no connection comes about, attempts end after
    a few seconds.
    """

    def __init__(self, inner: ChatModel, backoff: Backoff, cooldown: Cooldown) -> None:
        super().__init__(inner)
        self.backoff, self.cooldown, self.waits = backoff, cooldown, cooldown.waits

    async def reply(self, task: Task) -> Reply:
        attempt, absent_since = 1, inf
        while True:
            reply = await self.inner.reply(task)
            failure = reply.failure
            if failure is None or not failure.passing:
                self.waits.over()
                return reply
            pause = self.backoff.pause(self.provider, failure, attempt, self.waits.draw())
            now, what = self.waits.now(), f"{self.provider} ({failure.reason})"
            absent_since = min(absent_since, now) if failure.absent else inf
            is_gone = now + pause - absent_since > _ABSENT_SECONDS
            is_last = is_gone or attempt == self.backoff.attempts
            if failure.crowded or failure.retry_after is not None:
                self.cooldown.lengthen(pause, what)
            elif not is_last:
                await self.waits.sleep(pause, what)
            if is_last:
                return reply
            attempt += 1
