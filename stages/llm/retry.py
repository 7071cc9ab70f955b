"""Attempts that failed for a passing reason are made again, later; when the server is crowded, everybody waits."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from stages.core.errors import E2epError
from stages.llm.chat import ChatModel, Fault, Reply
from stages.llm.task import Task
from stages.llm.wrapper import Wrapper


class BusyError(E2epError):
    """The server asks for a longer wait than a run should sit through."""


@dataclass(frozen=True)
class Backoff:
    """Full jitter: before attempt n + 1 a uniform draw from 0 … min(longest, first · 2ⁿ) seconds.

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


@dataclass
class Clockwork:
    """Time, sleep and chance, so that tests can bring their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    draw: Callable[[], float] = field(default_factory=lambda: random.Random().random)


class Retried(Wrapper):
    """Makes up to `backoff.attempts` attempts; one cool-down holds all of its workers back together."""

    def __init__(self, inner: ChatModel, backoff: Backoff, clock: Clockwork) -> None:
        super().__init__(inner)
        self.backoff, self.clock = backoff, clock
        self.cool_until = clock.now()

    async def reply(self, task: Task) -> Reply:
        for attempt in range(1, self.backoff.attempts + 1):
            await self._cool()
            reply = await self.inner.reply(task)
            if reply.fault is None or not reply.fault.passing or attempt == self.backoff.attempts:
                break
            delay = self.backoff.delay(attempt, self.clock.draw())
            if not self._cools_all(reply.fault, delay):
                await self.clock.sleep(delay)
        return reply

    def _cools_all(self, fault: Fault, delay: float) -> bool:
        """Start or lengthen the shared cool-down, if the server is crowded or names a time."""
        if (fault.retry_after or 0) > self.backoff.patience:
            raise BusyError(
                f"{self.provider} asks to wait {fault.retry_after:,.0f} s ({fault.reason}); every answer so far is "
                "kept, so run the same command again after that"
            )
        wait = delay if fault.retry_after is None else fault.retry_after
        if fault.crowded or fault.retry_after is not None:
            self.cool_until = max(self.cool_until, self.clock.now() + wait)
            return True
        return False

    async def _cool(self) -> None:
        """Wait out the cool-down, then a moment of one's own, so that not everybody starts at once."""
        if self.clock.now() >= self.cool_until:
            return
        while (left := self.cool_until - self.clock.now()) > 0:
            await self.clock.sleep(left)
        await self.clock.sleep(self.clock.draw() * self.backoff.first)
