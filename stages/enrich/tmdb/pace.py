"""A limit on the calls within a number of seconds."""

import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Clock:
    """Time, sleep and chance as requests see them, so that tests can bring their own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    draw: Callable[[], float] = field(default_factory=lambda: random.Random().random)


@dataclass
class Pace:
    """A bucket of `calls` tokens, each of which returns `seconds` after it was taken.

    So no burst exceeds the limit in any window of `seconds`.
    """

    calls: int
    seconds: float
    clock: Clock
    _taken: deque[float] = field(default_factory=deque)

    def wait(self) -> None:
        """Take a token, sleeping first if there is none yet."""
        if len(self._taken) == self.calls:
            back = self._taken.popleft() + self.seconds
            self.clock.sleep(max(back - self.clock.now(), 0))
        self._taken.append(self.clock.now())
