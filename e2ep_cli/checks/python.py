"""The interpreter, and whether it is this project's own."""

import os
import platform
import sys

from e2ep_cli.checks.diagnosis import Diagnosis

_LEAST = (3, 11)


def check() -> list[Diagnosis]:
    """Version and environment."""
    return [_version(sys.version_info[:2]), _environment()]


def _version(version: tuple[int, ...]) -> Diagnosis:
    text = f"{platform.python_version()}, {sys.executable}"
    if version >= _LEAST:
        return Diagnosis("fine", "Python", text)
    return Diagnosis("fault", "Python", f"{text} is older than 3.11", "make demo PYTHON=python3.11")


def _environment() -> Diagnosis:
    if sys.prefix != sys.base_prefix or os.environ.get("CONDA_PREFIX"):
        return Diagnosis("fine", "environment", "a virtual environment")
    text = "not a virtual environment, so packages of other projects may interfere"
    return Diagnosis(
        "note", "environment", text, "python3 -m venv .venv && source .venv/bin/activate"
    )
