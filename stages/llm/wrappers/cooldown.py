"""A pause that all workers share, and the clock that it and retrying use."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass
class Clockwork:
    """Time, sleep and chance, so that tests can bring their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    draw: Callable[[], float] = field(default_factory=lambda: random.Random().random)


@dataclass
class Cooldown:
    """No worker asks before `until`; after that they start within `spread` seconds."""

    clock: Clockwork
    spread: float
    until: float = float("-inf")

    def lengthen(self, seconds: float) -> None:
        """Last at least this many seconds from now."""
        self.until = max(self.until, self.clock.now() + seconds)

    async def over(self) -> None:
        """Wait for the end, then for a random moment, so that workers do not all start at once."""
        if self.clock.now() >= self.until:
            return
        while (left := self.until - self.clock.now()) > 0:
            await self.clock.sleep(left)
        await self.clock.sleep(self.clock.draw() * self.spread)
