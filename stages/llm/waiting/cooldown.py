"""The pause that all workers share."""

from math import inf

from stages.llm.waiting.waits import Waits


class Cooldown:
    """No worker asks before `until`; after that they start within `spread` seconds."""

    def __init__(self, waits: Waits, spread: float) -> None:
        self.waits, self.spread = waits, spread
        self.until, self.what = -inf, ""

    def lengthen(self, seconds: float, what: str) -> None:
        """Last at least this many seconds from now; `what` is waited for."""
        end = self.waits.now() + seconds
        if end > self.until:
            self.until, self.what = end, what

    async def over(self) -> None:
        """Wait for the end, then for a random moment, so that workers do not all start at once."""
        if self.waits.now() >= self.until:
            return
        while (left := self.until - self.waits.now()) > 0:
            await self.waits.sleep(left, self.what)
        await self.waits.sleep(self.waits.draw() * self.spread)
