"""The memory of this machine."""

import os
from pathlib import Path

_LIMIT = Path("/sys/fs/cgroup/memory.max")


def memory() -> float | None:
    """Bytes of memory, or of the container's share; None if the system does not say."""
    total = _total()
    limit = _LIMIT.read_text().strip() if _LIMIT.is_file() else "max"
    return total if limit == "max" or total is None else min(total, float(limit))


def _total() -> float | None:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        return next(1024.0 * int(line.split()[1]) for line in lines if line.startswith("MemTotal:"))
    except (OSError, StopIteration):
        pass
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return None
