"""The steps that ask a chat model, and the files in which they record what they asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2ep_cli.project.places import output, outputs
from e2ep_cli.runs.run import Run
from stages.contracts.calls import Asked
from stages.core.errors import MissingError
from stages.core.tables import read_model

ASKING_STAGES = (
    "profile-items",
    "profile-users",
    "profile-users-further",
    "profile-users-shown",
    "rerank",
    "rerank-shown",
    "compare",
)
"""The stages that ask."""


@dataclass(frozen=True)
class Step:
    """A stage, one item of its matrix, and the file that records what it asked."""

    stage: str
    item: dict[str, str]
    file: Path

    @property
    def name(self) -> str:
        """Such as `rerank fold-1 e2ep scored`."""
        axes = ("split", "base", "strategy", "pair")
        return " ".join((self.stage, *(self.item[axis] for axis in axes if axis in self.item)))


def steps(folder: Path, params: dict[str, Any]) -> Iterator[Step]:
    """Every step that these parameters make in a project or run, in the order in which they run."""
    for stage in ASKING_STAGES:
        for item, paths in outputs(folder, stage, params):
            files = [path for path in paths if path.name.endswith("asked.json")]
            yield Step(stage, item, files[0] if files else paths[0] / "asked.json")


def keys_used(run: Run) -> set[str]:
    """Keys of the stored answers that a run used.

    The files of what a run no longer lists have been deleted by evaluate.
    """
    files = sorted(output(run.folder, "prepare", dataset=run.dataset).parent.rglob("*asked.json"))
    if not files:
        raise MissingError(f"run {run.name} has asked nothing yet; start it with `{run.command}`")
    return {key for file in files for key in read_model(file, Asked).keys}
