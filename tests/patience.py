"""How long a test waits for another process: so long that only a hang fails it.

On a busy machine that is longer.
"""

import os


def patient(seconds: float) -> float:
    """Three times `seconds` on an idle machine, and more where processes wait for the cores."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return seconds * (3 + 2 * load / cores)
