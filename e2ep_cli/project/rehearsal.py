"""The steps that ask a chat model, run with offline rules in a folder of their own, to count what they would ask.

Each command is the one of dvc.yaml; what it writes goes to the temporary folder, all else is read where it lies.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from e2ep_cli.project.asked import Step, steps
from e2ep_cli.project.places import filled, pipeline, root
from stages.core.errors import InputError, MissingError

if TYPE_CHECKING:
    from stages.contracts.calls import Asked


@dataclass(frozen=True)
class Stage:
    """The project, and the folder that stands in for it where something is written."""

    project: Path
    folder: Path
    params: dict[str, Any]

    def rehearse(self, step: Step) -> "Asked":
        """Run one step and read what it asked."""
        from stages.contracts.calls import Asked
        from stages.core.tables import read_model

        entry = pipeline(self.project)[step.stage]
        words = filled(entry["cmd"], {"item": step.item}).split()
        command = [sys.executable, *(self._placed(word) for word in words[1:])]
        environment = os.environ | {"PYTHONPATH": str(self.project)}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise InputError(
                f"{step.name} cannot be rehearsed: {(done.stderr or done.stdout).strip().splitlines()[-1].removeprefix('error: ')}"
            )
        return read_model(self.folder / step.file.relative_to(self.project), Asked)

    def _placed(self, word: str) -> str:
        """A path of the project: of this folder where a rehearsed step writes it, else the project's own."""
        if not word.startswith(("artifacts/", "data/")):
            return word
        here, there = self.folder / word, self.project / word
        if word in self._written:
            return str(here)
        if not there.exists():
            raise MissingError(
                f"{word} is not there yet, so nothing can be counted; run "
                f"`e2ep run --dataset {self.params['dataset']} --set llm.provider=offline` first: it costs nothing"
            )
        return str(there)

    @property
    def _written(self) -> set[str]:
        from e2ep_cli.project.asked import STEPS
        from e2ep_cli.project.places import outputs

        paths = (
            path for stage in STEPS for _, outs in outputs(stage, self.params) for path in outs
        )
        return {str(path.relative_to(self.project)) for path in paths}


def rehearsed(params: dict[str, Any]) -> Iterator[tuple[Step, "Asked"]]:
    """Every step under these parameters, and what it would ask."""
    import yaml

    from stages.core.log import progress

    given = {**params, "llm": {**(params.get("llm") or {}), "provider": "rehearsal"}}
    todo = list(steps(params))
    with TemporaryDirectory(prefix="e2ep-cost-") as folder:
        stage = Stage(root(), Path(folder).resolve(), params)
        (stage.folder / "params.yaml").write_text(
            yaml.safe_dump(given, sort_keys=False), encoding="utf-8"
        )
        for step in progress(todo, "rehearsing with offline rules", len(todo)):
            yield step, stage.rehearse(step)
