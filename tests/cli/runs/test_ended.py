"""What e2ep starts ends with it, even after `kill -9`."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.patience import patient

ROOT = Path(__file__).parents[3]
PARENT = """
import subprocess, sys, time
from e2ep_cli.runs.repro import _ended_with_us
words = ["sh", "-c", "sleep 600 & sleep 600"]
with subprocess.Popen(words, start_new_session=True) as child:
    with _ended_with_us(child, "kill -s TERM"):
        print(child.pid, flush=True)
        time.sleep(float(sys.argv[1]))
    print(child.poll(), flush=True)
    child.kill()
"""


def parent(seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PARENT, str(seconds)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def group_is_gone(group: int) -> bool:
    """Whether no live process of the group is left; one that was not waited for is dead too."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pgid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return not any(int(row[0]) == group and not row[1].startswith("Z") for row in rows)


def test_a_killed_parent_takes_the_whole_group_with_it() -> None:
    with parent(600) as killed:
        assert killed.stdout
        group = int(killed.stdout.readline())
        assert not group_is_gone(group)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        deadline = time.monotonic() + patient(20)
        while not group_is_gone(group) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert group_is_gone(group)


def test_a_parent_that_is_done_leaves_its_child_alone() -> None:
    with parent(0) as done:
        assert done.stdout
        group = int(done.stdout.readline())
        assert done.stdout.readline() == "None\n"
        done.wait()
        os.killpg(group, signal.SIGKILL)
