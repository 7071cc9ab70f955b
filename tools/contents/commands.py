"""What a command prints."""

import os
import subprocess
import sys
from pathlib import Path

from stages.core.errors import InputError
from tools.blocks import Context


def printed(*words: str) -> Context:
    """The output of a command on a terminal of 100 columns, without colours."""
    program = Path(sys.executable).parent / words[0]
    environment = os.environ | {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    done = subprocess.run([program, *words[1:]], capture_output=True, text=True, env=environment)
    command = " ".join(words)
    if done.returncode:
        raise InputError(f"`{command}` failed: {done.stderr.strip()}")
    lines = [line.rstrip() for line in done.stdout.strip("\n").splitlines()]
    return {"command": command, "lines": lines}
