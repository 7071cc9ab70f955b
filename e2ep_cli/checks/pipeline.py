"""Which stages are out of date, as `dvc status` says."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from e2ep_cli.checks.diagnosis import Diagnosis
from e2ep_cli.project.places import stage_names

WHAT = "pipeline"
SHOWN = 5
PATIENCE = 120


def check(folder: Path, params: dict[str, Any]) -> list[Diagnosis]:
    """One row: how many of the stages that params.yaml asks for are up to date."""
    done = _status(folder)
    if done.returncode:
        return [_refused(done.stderr)]
    return [told(str(params["dataset"]), stage_names(params), json.loads(done.stdout))]


def told(dataset: str, names: list[str], changed: dict[str, Any]) -> Diagnosis:
    """The row for the stages of the data set in params.yaml, of which `changed` are not as dvc.lock has them."""
    stale = [name for name in names if name in changed]
    found = f"{len(names) - len(stale)} of {len(names)} stages of {dataset} up to date"
    if not stale:
        return Diagnosis("fine", WHAT, found)
    rest = f" and {len(stale) - SHOWN} more" if len(stale) > SHOWN else ""
    return Diagnosis(
        "note", WHAT, f"{found}; out of date: {', '.join(stale[:SHOWN])}{rest}", "e2ep run"
    )


def _status(folder: Path) -> "subprocess.CompletedProcess[str]":
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}
    command = [sys.executable, "-m", "dvc", "status", "--json"]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )


def _refused(errors: str) -> Diagnosis:
    lines = [line for line in errors.splitlines() if line.strip()] or ["dvc status gave no reason"]
    reason = (
        next((line for line in lines if line.startswith("ERROR:")), lines[-1])
        .removeprefix("ERROR:")
        .strip()
    )
    if "lock" in reason.lower() and "acquire" in reason.lower():
        return Diagnosis(
            "note", WHAT, "another DVC command is at work here, so its state is not known yet"
        )
    return Diagnosis("fault", WHAT, f"dvc status failed: {reason}", "dvc status --verbose")
