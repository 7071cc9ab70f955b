"""What is being asked right now: one process asks, the others wait for its answer."""

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from stages.llm.waiting.waits import Waits

try:
    import fcntl
except ImportError:
    # Windows has no POSIX locks: there only the tasks of one process wait for each other.
    fcntl = None  # type: ignore[assignment]

_FIRST, _LONGEST, _GROWTH = 0.02, 5.0, 1.1
"""Seconds between two tries grow: thousands may wait a day for another process's batch."""


_OTHER = "another process that asks the same question"


@dataclass
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wanted: int = 0


class Locks:
    """A lock for each cache key: a byte of `file` at an offset that the key gives.

    The system frees a process's locks when it ends, even by kill -9. It holds them per process, so
    the tasks of one process first take turns by an asyncio lock.
    """

    def __init__(self, file: Path, waits: Waits) -> None:
        self.waits = waits
        self._file = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        self._turns: defaultdict[str, _Turn] = defaultdict(_Turn)

    @asynccontextmanager
    async def held(self, key: str) -> AsyncIterator[None]:
        """Hold the lock on `key`, a hexadecimal digest."""
        turn, offset = self._turns[key], int(key[:15], 16)
        turn.wanted += 1
        try:
            async with turn.lock:
                await self._lock(offset)
                try:
                    yield
                finally:
                    if fcntl is not None:
                        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, offset)
        finally:
            turn.wanted -= 1
            if not turn.wanted:
                del self._turns[key]

    def close(self) -> None:
        """Release every lock."""
        os.close(self._file)

    async def _lock(self, offset: int) -> None:
        pause = _FIRST
        while not self._is_taken(offset):
            await self.waits.sleep(pause, _OTHER, is_known=False)
            pause = min(pause * _GROWTH, _LONGEST)
        if pause > _FIRST:
            self.waits.over()

    def _is_taken(self, offset: int) -> bool:
        """Take the lock, unless another process has it."""
        try:
            if fcntl is not None:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, offset)
        except BlockingIOError:
            return False
        return True
