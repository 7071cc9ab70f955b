"""What a process holds once it has freed what lay between smaller things."""

import platform
import subprocess
import sys

import pytest

HELD = """
from pathlib import Path

import numpy as np

from stages.core.memory import give_back_blocks

def held_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

{call}
np.ones(31 << 20, dtype=np.uint8)  # freed at once, which raises glibc's limit to its size
blocks, between = [], []
for _ in range(200 // {size}):
    blocks.append(np.ones({size} << 20, dtype=np.uint8))
    between.append(bytearray(5000))
full = held_mb()
del blocks
print(full - held_mb())
"""


DIVIDED = """
import torch
from stages.train.models.e2ep.division.divided import Divided
Divided(torch.Generator(), {ratings})
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="sets an option of glibc's malloc")
@pytest.mark.parametrize(
    ("size", "call", "returned"),
    [
        (20, "", False),
        (20, "give_back_blocks(1 << 24)", True),
        (20, DIVIDED.format(ratings=100_000_000), True),
        (2, DIVIDED.format(ratings=100_000_000), False),
        (2, DIVIDED.format(ratings=600_000), True),
    ],
    ids=["left alone", "called", "of many ratings", "small of many", "small of few"],
)
def test_large_blocks_go_back_when_they_are_freed(size: int, call: str, returned: bool) -> None:
    """size: MiB of each block, of 200 together."""
    done = subprocess.run(
        [sys.executable, "-c", HELD.format(call=call, size=size)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert (float(done.stdout) > 180) == returned
