"""No more than so many calls within so many seconds."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Clock:
    """Time as requests see it."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass
class Pace:
    """A bucket of `calls` tokens, each of which is back `seconds` after it was taken: no burst goes over the limit."""

    calls: int
    seconds: float
    clock: Clock
    _taken: deque[float] = field(default_factory=deque)

    def wait(self) -> None:
        """Take a token, and sleep first until one is there."""
        if len(self._taken) == self.calls:
            back = self._taken.popleft() + self.seconds
            self.clock.sleep(max(back - self.clock.now(), 0))
        self._taken.append(self.clock.now())
