"""What a command prints."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from stages.core.errors import InputError
from tools.blocks import Context


def imported(*words: str) -> Context:
    """What `e2ep data import` prints at 80 columns; the set goes to a folder that is removed."""
    command = ("e2ep", "data", "import", *words)
    with TemporaryDirectory() as folder:
        lines = _output(80, *command, "--root", f"{folder}/data")
    return {
        "command": " ".join(command).replace(" --items", " \\\n       --items"),
        "lines": [line.replace(f"{folder}/", "") for line in lines],
    }


def printed(*words: str) -> Context:
    """The output of a command on a terminal of 100 columns, without colours."""
    return {"command": " ".join(words), "lines": _output(100, *words)}


def _output(columns: int, *words: str) -> list[str]:
    program = Path(sys.executable).parent / words[0]
    environment = os.environ | {"COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "dumb"}
    done = subprocess.run([program, *words[1:]], capture_output=True, text=True, env=environment)
    if done.returncode:
        raise InputError(f"`{' '.join(words)}` failed: {done.stderr.strip()}")
    return [line.rstrip() for line in done.stdout.strip("\n").splitlines()]
