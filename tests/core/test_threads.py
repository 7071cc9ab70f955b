"""The threads that a process may use."""

import os
import subprocess
import sys

import pytest

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


@pytest.mark.parametrize("before", ["implicit.als", "sklearn.svm", "torch", "os"])
def test_torch_is_limited_whatever_was_loaded_before(before: str) -> None:
    """An OpenMP that was loaded reads no variable any more."""
    code = f"import {before}\nfrom stages.core.threads import limit_threads\nlimit_threads(1)\n"
    done = subprocess.run(
        [sys.executable, "-c", code + "import torch\nprint(torch.get_num_threads())"],
        env={**os.environ, "OMP_NUM_THREADS": "2"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "1"
