"""The threads that a process may use."""

import os
import subprocess
import sys

LIMITED = """
from stages.core.threads import limit_threads
limit_threads(1)
import numpy, scipy.linalg
from threadpoolctl import threadpool_info
print([pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"])
"""


def test_every_blas_is_limited_whenever_it_is_loaded() -> None:
    """NumPy and SciPy have one each; in a process of its own, as the limit stays."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED],
        env=os.environ | {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[1, 1]"
