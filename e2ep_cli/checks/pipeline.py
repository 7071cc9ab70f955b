"""Which stages are out of date, by `dvc status` and by the sources that have changed."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from e2ep_cli.checks.code import CodeChange, code_change
from e2ep_cli.checks.diagnosis import Diagnosis
from e2ep_cli.project.places import planned_stages
from e2ep_cli.project.ready import allow_no_git

_WHAT = "pipeline"
_SHOWN = 5


def check(folder: Path, params: dict[str, Any], run: str = "e2ep run") -> list[Diagnosis]:
    """One row: how many of the stages that params.yaml of `folder` asks for are up to date.

    run: the command that brings the others up to date.
    """
    allow_no_git(folder)
    scripts = str(Path(sys.executable).parent)
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "dvc", "status", "--json"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=pipe, stderr=pipe, text=True
    ) as status:
        try:
            change = code_change(folder, params)  # while DVC is working
            said, errors = status.communicate()
        except BaseException:
            status.kill()
            raise
    if status.returncode:
        return [_refused(errors)]
    dataset, names = str(params["dataset"]), planned_stages(folder, params)
    return [stale_stages(dataset, names, json.loads(said), change, run)]


def never_run(dataset: str, run: str) -> Diagnosis:
    """The row of a data set that was never run."""
    return Diagnosis("note", _WHAT, f"{dataset} was not made yet", run)


def stale_stages(
    dataset: str, names: list[str], status: dict[str, Any], change: CodeChange, run: str
) -> Diagnosis:
    """The row for the stages in `names`; `status` holds those that differ from dvc.lock."""
    stale = [name for name in names if name in status or name in change.stages]
    text = f"{len(names) - len(stale)} of {len(names)} stages of {dataset} up to date"
    if not stale:
        return Diagnosis("fine", _WHAT, text)
    text += f"; out of date: {_first(stale)}, and what depends on them"
    if change.files:
        text += f"; code changed: {_first(change.files)}"
    return Diagnosis("note", _WHAT, text, run)


def _first(names: Sequence[str]) -> str:
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{rest}"


def _refused(errors: str) -> Diagnosis:
    """The row for when `dvc status` fails, with the reason it gives."""
    lines = [line for line in errors.splitlines() if line.strip()] or ["dvc status gave no reason"]
    said = next((line for line in lines if line.startswith("ERROR:")), lines[-1])
    reason = said.removeprefix("ERROR:").strip()
    if "lock" in reason.lower() and "acquire" in reason.lower():
        return Diagnosis(
            "note", _WHAT, "another DVC command is running here, so the state is not known yet"
        )
    return Diagnosis("fault", _WHAT, f"dvc status failed: {reason}", "dvc status --verbose")
