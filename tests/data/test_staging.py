"""What is built out of sight appears whole, or leaves no trace."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stages.core.errors import InputError
from stages.data.staging import settle, staging

PROJECT = Path(__file__).parents[2]
HALF_WAY = """
import signal, sys, time
from pathlib import Path
from stages.data.staging import staging
# a background job starts with Ctrl-C ignored
signal.signal(signal.SIGINT, signal.default_int_handler)
with staging(Path(sys.argv[1]), "new") as built:
    (built / "half.txt").write_text("half")
    print("half way", flush=True)
    time.sleep(30)
"""


def test_what_is_settled_stands_under_its_name(root: Path) -> None:
    with staging(root, "new") as built:
        (built / "file.txt").write_text("whole")
        settle(built, root / "new")
    assert {path.name for path in root.iterdir()} == {".gitignore", "kept", "new"}
    assert (root / "new" / "file.txt").read_text() == "whole"


def test_a_new_set_takes_the_place_of_the_old(root: Path) -> None:
    with staging(root, "kept") as built:
        (built / "other.txt").write_text("new")
        settle(built, root / "kept")
    assert [path.name for path in (root / "kept").iterdir()] == ["other.txt"]
    assert {path.name for path in root.iterdir()} == {".gitignore", "kept"}


@pytest.mark.usefixtures("unchanged")
def test_what_cannot_be_settled_brings_the_old_back(root: Path) -> None:
    with pytest.raises(FileNotFoundError):
        settle(root / "never-built", root / "kept")


@pytest.mark.usefixtures("unchanged")
def test_a_fault_leaves_nothing_and_names_no_hidden_folder(root: Path) -> None:
    with pytest.raises(InputError) as failure, staging(root, "new") as built:
        raise InputError(f"{built / 'u.data'}, line 3: bad; {built} is no set")
    assert str(failure.value) == "u.data, line 3: bad; new is no set"


@pytest.mark.usefixtures("unchanged")
def test_ctrl_c_leaves_nothing(root: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-c", HALF_WAY, str(root)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half way\n"
        assert any(path.name.startswith(".new.partial") for path in root.iterdir())
        process.send_signal(signal.SIGINT)
    assert process.returncode != 0


def test_a_full_disk_names_the_set_and_no_hidden_folder(root: Path) -> None:
    with pytest.raises(OSError, match="No space") as full, staging(root, "new") as built:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(built / "ratings.csv"))
    assert full.value.filename == str(root / "new")
    assert not list(root.glob(".new*"))
