"""Attempts that failed for a passing reason are made again, later; when the server is crowded, everybody waits."""

from dataclasses import dataclass

from stages.core.errors import E2epError
from stages.llm.chat import ChatModel, Fault, Reply
from stages.llm.task import Task
from stages.llm.wrappers.cooldown import Clockwork, Cooldown
from stages.llm.wrappers.wrapper import Wrapper


class BusyError(E2epError):
    """The server asks for a longer wait than a run should sit through."""


@dataclass(frozen=True)
class Backoff:
    """Full jitter: before attempt n + 1 a uniform draw from 0 … min(longest, first · 2ⁿ⁻¹) seconds.

    Marc Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
    """

    attempts: int = 8
    first: float = 1.0
    longest: float = 60.0
    patience: float = 600.0
    """The longest wait that a server may ask for."""

    def delay(self, attempt: int, draw: float) -> float:
        """Seconds after the attempt of this number, counted from 1; `draw` is uniform on 0 … 1."""
        return draw * min(self.longest, self.first * 2 ** (attempt - 1))


class Retried(Wrapper):
    """Makes up to `backoff.attempts` attempts; what one learns of a crowded server holds all back by `cooldown`."""

    def __init__(
        self, inner: ChatModel, backoff: Backoff, cooldown: Cooldown, clock: Clockwork
    ) -> None:
        super().__init__(inner)
        self.backoff, self.cooldown, self.clock = backoff, cooldown, clock

    async def reply(self, task: Task) -> Reply:
        attempt = 1
        while True:
            reply = await self.inner.reply(task)
            if reply.fault is None or not reply.fault.passing:
                return reply
            await self._wait(reply.fault, self.backoff.delay(attempt, self.clock.draw()), attempt)
            if attempt == self.backoff.attempts:
                return reply
            attempt += 1

    async def _wait(self, fault: Fault, delay: float, attempt: int) -> None:
        """Everybody waits if the server is crowded or names a time; else this one, unless it was the last attempt."""
        if (fault.retry_after or 0) > self.backoff.patience:
            raise BusyError(
                f"{self.provider} asks to wait {fault.retry_after:,.0f} s ({fault.reason}); every answer so far is "
                "kept, so run the same command again after that"
            )
        if fault.crowded or fault.retry_after is not None:
            self.cooldown.lengthen(delay if fault.retry_after is None else fault.retry_after)
        elif attempt < self.backoff.attempts:
            await self.clock.sleep(delay)
