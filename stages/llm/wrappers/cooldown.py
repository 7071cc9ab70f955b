"""A pause that all workers keep together, and the time, sleep and chance that it and retrying go by."""

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
    """Until when nobody may ask; `spread` is how many seconds the workers start apart afterwards, at most."""

    clock: Clockwork
    spread: float
    until: float = float("-inf")

    def lengthen(self, seconds: float) -> None:
        """From now on at least so long."""
        self.until = max(self.until, self.clock.now() + seconds)

    async def over(self) -> None:
        """Wait for the end, then a moment of one's own, so that not everybody starts at once."""
        if self.clock.now() >= self.until:
            return
        while (left := self.until - self.clock.now()) > 0:
            await self.clock.sleep(left)
        await self.clock.sleep(self.clock.draw() * self.spread)
