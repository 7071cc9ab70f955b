"""Cores of this machine, and the threads that a process may use of them."""

import os
import sys
from importlib import import_module


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def limit_threads(threads: int) -> None:
    """Limit torch, OpenMP, and the BLAS of NumPy and SciPy to so many threads.

    How sums are rounded depends on the number of threads. Without a limit, the cores of a machine
    and its OMP_NUM_THREADS would change the last digits of a fit.
    """
    from threadpoolctl import threadpool_limits

    if torch := sys.modules.get("torch"):
        torch.set_num_threads(threads)
    else:
        os.environ["OMP_NUM_THREADS"] = str(threads)  # read by torch when it is loaded
    # SciPy brings a BLAS of its own, which is limited only once it is loaded.
    import_module("scipy.linalg")
    # A torch that is loaded later takes the OpenMP that it meets, such as that of `implicit`.
    threadpool_limits(threads)
