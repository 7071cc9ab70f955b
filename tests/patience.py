"""How long a test waits for another process: so long that only a hang fails it.

On a busy machine that is longer.
"""

import os


def patient(seconds: float) -> float:
    """`seconds` on an idle machine, and as many times more as processes wait for each core."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return seconds * (1 + 2 * load / cores)
