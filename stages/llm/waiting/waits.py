"""The clock, and what every wait has in common."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from math import inf

from stages.core.log import SEEN, waiting
from stages.llm.waiting.deadline import Deadline
from stages.llm.waiting.halt import Halt

_AGAIN = 60.0
"""Seconds after which a wait that still lasts is reported again."""
_REST = 2.0
"""Seconds; less than that is left of a pause that was lengthened a little, and is not reported."""


@dataclass
class Clockwork:
    """Time, sleep and chance, so that tests can bring their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    draw: Callable[[], float] = field(default_factory=lambda: random.Random().random)


class Waits:
    """Every wait of a run: it ends when the run does, and a long one is reported on stderr.

    Reported is what has had no answer for `seen` seconds, or will have had none at the end of the
    wait: once for all workers, again when that end has passed, and after a minute.
    """

    def __init__(
        self,
        clock: Clockwork | None = None,
        minutes: float | None = None,
        seen: float = SEEN,
    ) -> None:
        self.clock, self.halt, self.seen = clock or Clockwork(), Halt(), seen
        self.now, self.draw = self.clock.now, self.clock.draw
        self.deadline = Deadline(minutes, self.now)
        self._since, self._reported = inf, dict[str, tuple[float, float]]()

    async def sleep(self, seconds: float, what: str = "", is_known: bool = True) -> None:
        """Wait for `what`; nothing is reported without it.

        is_known: whether the wait is over then, rather than looked at again.
        """
        end, left = self.now() + seconds, seconds
        self.deadline.require(seconds)
        while True:
            self._report(what, end if is_known else inf)
            await self.halt.unless(self.clock.sleep(min(left, _AGAIN)))
            left = end - self.now()
            if left < 1e-6:
                return

    async def until(self, event: Awaitable[object], what: str) -> None:
        """Wait for an event."""
        happening = asyncio.ensure_future(event)
        try:
            while not happening.done():
                self._report(what, inf)
                await self.halt.unless(asyncio.wait({happening}, timeout=self.seen))
        finally:
            happening.cancel()

    def over(self) -> None:
        """Something was answered: from now on waits count anew."""
        self._since = inf

    def _report(self, what: str, end: float) -> None:
        if not what:
            return
        now = self.now()
        self._since = min(self._since, now)
        so_far, known = now - self._since, end < inf
        reported, until = self._reported.get(what, (-inf, -inf))
        is_long = (end - self._since if known else so_far) >= self.seen and end - now >= _REST
        if is_long and (now - reported >= _AGAIN or now >= until):
            self._reported[what] = now, end
            waiting(what, end - now) if known else waiting(what, so_far, "since")
