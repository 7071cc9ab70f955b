"""The ledger's time, which passes evenly, whatever is done to the system's clock."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
"""On Linux, a name for each start of the machine."""


@dataclass(frozen=True)
class SystemTime:
    """The clock that people set, and the seconds since `boot`, which nobody can."""

    wall: Callable[[], float]
    boot: str
    """Empty if the system has no name for it: then each process counts for itself."""
    ticks: Callable[[], float]

    def start(self, newest: float) -> float:
        """When the ticks began, if nothing may come before the ledger's newest row."""
        return max(self.wall(), newest) - self.ticks()


def system_time() -> SystemTime:
    """This machine's."""
    try:
        boot = _BOOT.read_text(encoding="ascii").strip()
        return SystemTime(time.time, boot, partial(time.clock_gettime, time.CLOCK_BOOTTIME))
    except (OSError, AttributeError):
        return SystemTime(time.time, "", time.monotonic)
