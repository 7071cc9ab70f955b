"""The steps that ask a chat model, run with offline rules to count what they would ask.

Each command is taken from dvc.yaml. Its output goes to a temporary folder; everything else is read
in place.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from e2ep_cli.project.places import interpolated, outputs, pipeline
from e2ep_cli.project.steps import ASKING_STAGES, Step, steps
from stages.contracts.calls import Asked
from stages.core.errors import InputError, MissingError
from stages.core.log import progress
from stages.core.tables import read_model


@dataclass(frozen=True)
class RehearsalFolder:
    """The project or run, and the temporary folder for what the steps write."""

    project: Path
    folder: Path
    params: dict[str, Any]

    def rehearse(self, step: Step) -> Asked:
        """Run one step and read what it asked."""
        entry = pipeline(self.project)[step.stage]
        words = interpolated(entry["cmd"], {"item": step.item}).split()
        command = [sys.executable, *(self._placed(word) for word in words[1:])]
        environment = os.environ | {"PYTHONPATH": str(self.project)}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            last = (done.stderr or done.stdout).strip().splitlines()[-1]
            raise InputError(f"{step.name} cannot be rehearsed: {last.removeprefix('error: ')}")
        return read_model(self.folder / step.file.relative_to(self.project), Asked)

    def _placed(self, word: str) -> str:
        """A word of a command; a path in the temporary folder if a rehearsed step writes to it."""
        if not word.startswith(("artifacts/", "data/")):
            return word
        here, there = self.folder / word, self.project / word
        if word in self._written:
            return str(here)
        if not there.exists():
            raise MissingError(
                f"{word} is not there yet, so nothing can be counted; run `e2ep run --dataset "
                f"{self.params['dataset']}` with the offline rules first: it costs nothing"
            )
        return str(there)

    @property
    def _written(self) -> set[str]:
        paths = (
            path
            for stage in ASKING_STAGES
            for _, outs in outputs(self.project, stage, self.params)
            for path in outs
        )
        return {str(path.relative_to(self.project)) for path in paths}


def rehearsed(run: Path, params: dict[str, Any]) -> Iterator[tuple[Step, Asked]]:
    """Every step under these parameters, and what it would ask; `run` has what they read."""
    llm = {**(params.get("llm") or {}), "provider": "rehearsal"}
    return asked_apart(run, {**params, "llm": llm}, "rehearsing with offline rules")


def asked_apart(run: Path, params: dict[str, Any], label: str) -> Iterator[tuple[Step, Asked]]:
    """Every step and what it asks, with its output in a temporary folder."""
    todo = list(steps(run, params))
    with TemporaryDirectory(prefix="e2ep-cost-") as folder:
        apart = RehearsalFolder(run, Path(folder).resolve(), params)
        (apart.folder / "params.yaml").write_text(
            yaml.safe_dump(params, sort_keys=False), encoding="utf-8"
        )
        for step in progress(todo, label, len(todo)):
            yield step, apart.rehearse(step)
