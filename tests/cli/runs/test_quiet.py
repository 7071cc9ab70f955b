"""What DVC adds to a stage's own words is left out, and nothing else."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from e2ep_cli.runs.quiet import passed_on

STOPPED = (
    b"ERROR: failed to reproduce 'train@sample-e2ep-fold-1': failed to run: "
    b"python -m stages.train --model e2ep, exited with 130\n"
)
LOCK = b"WARNING: Process '/x/dvc repro' with (Pid 16579), in RWLock-file '/x/rwlock' is gone.\n"


def passed(*chunks: bytes) -> bytes:
    """What arrives of these chunks, written one after the other."""
    read, write = os.pipe()
    sink = io.BytesIO()
    with os.fdopen(read, "rb") as source:
        thread = passed_on(source, sink)
        for chunk in chunks:
            os.write(write, chunk)
        os.close(write)
        thread.join()
    return sink.getvalue()


@pytest.mark.parametrize("noise", [STOPPED, LOCK, b"ERROR: interrupted by the user\n"])
def test_noise_is_left_out_however_it_is_cut(noise: bytes) -> None:
    said = b"error: no rating is 4 or more\n"
    assert passed(said + noise + said) == said + said
    for at in (1, 5, len(noise) // 2, len(noise) - 1):
        assert passed(said, noise[:at], noise[at:], said) == said + said


@pytest.mark.parametrize(
    "line",
    [
        STOPPED.replace(b"130", b"-9"),
        b"ERROR: failed to reproduce 'train': missing data 'source': artifacts\n",
        b"ERROR: Unable to acquire lock\n",
        b"WARNING: something else\n",
        b"E",
    ],
)
def test_whatever_only_dvc_knows_arrives(line: bytes) -> None:
    assert passed(line) == line


def test_a_progress_bar_arrives_before_its_line_ends() -> None:
    read, write = os.pipe()
    out_read, out_write = os.pipe()
    with os.fdopen(read, "rb") as source, os.fdopen(out_write, "wb") as sink:
        thread = passed_on(source, sink)
        os.write(write, b"\r 40 %")
        assert os.read(out_read, 100) == b"\r 40 %"
        os.close(write)
        thread.join()
    os.close(out_read)


def test_ctrl_c_at_any_moment_prints_no_traceback(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("e2ep")), "--help"]
    for pause in (0.0, 0.02, 0.05, 0.1, 0.2):
        with subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as child:
            time.sleep(pause + 0.03)
            child.send_signal(signal.SIGINT)
            assert child.stderr
            said = child.stderr.read()
        assert b"e2ep_cli" not in said
