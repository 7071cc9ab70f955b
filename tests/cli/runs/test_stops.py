"""Signals for DVC wait while it makes an experiment, then reach it as a Ctrl-C."""

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from e2ep_cli.runs.repro import Stops


@pytest.fixture
def child() -> Iterator[subprocess.Popen]:
    """A process group that sleeps."""
    command = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        assert running.stdout
        running.stdout.readline()
        yield running
        running.kill()


def test_a_signal_is_passed_on_at_once(child: subprocess.Popen) -> None:
    Stops(child, "").stop(signal.SIGTERM, None)
    assert child.wait(10) == -signal.SIGTERM


def test_an_unsafe_moment_is_waited_for_and_ends_as_a_ctrl_c(child: subprocess.Popen) -> None:
    stops = Stops(child, "Reproducing")
    stops.stop(signal.SIGTERM, None)
    stops.heard("Building")
    with pytest.raises(subprocess.TimeoutExpired):
        child.wait(0.3)
    stops.heard("Reproducing experiment")
    assert child.wait(10) in (-signal.SIGINT, 1)
    assert stops.came == [signal.SIGTERM]


def test_after_that_moment_a_signal_is_a_ctrl_c(child: subprocess.Popen) -> None:
    stops = Stops(child, "Reproducing")
    stops.heard("Reproducing experiment")
    stops.stop(signal.SIGHUP, None)
    assert child.wait(10) in (-signal.SIGINT, 1)
