"""Attempts that failed for a temporary reason are repeated later."""

from stages.core.http import Backoff
from stages.llm.chat import ChatModel, Reply
from stages.llm.task import Task
from stages.llm.wrappers.cooldown import Clockwork, Cooldown
from stages.llm.wrappers.wrapper import Wrapper


class Retrying(Wrapper):
    """Makes up to `backoff.attempts` attempts.

    If the server is overloaded or says how long to wait, `cooldown` makes every question wait;
    after any other failure only this one does.
    """

    def __init__(
        self, inner: ChatModel, backoff: Backoff, cooldown: Cooldown, clock: Clockwork
    ) -> None:
        super().__init__(inner)
        self.backoff, self.cooldown, self.clock = backoff, cooldown, clock

    async def reply(self, task: Task) -> Reply:
        attempt = 1
        while True:
            reply = await self.inner.reply(task)
            failure = reply.failure
            if failure is None or not failure.passing:
                return reply
            pause = self.backoff.pause(self.provider, failure, attempt, self.clock.draw())
            is_last = attempt == self.backoff.attempts
            if failure.crowded or failure.retry_after is not None:
                self.cooldown.lengthen(pause)
            elif not is_last:
                await self.clock.sleep(pause)
            if is_last:
                return reply
            attempt += 1
