"""The steps that ask a chat model, and the files in which they record what they asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from e2ep_cli.project.places import output, outputs
from stages.contracts.calls import Asked
from stages.core.errors import MissingError
from stages.core.tables import read_model

ASKING_STAGES = ("profile-items", "profile-users", "profile-users-further", "rerank", "compare")
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


def steps(params: dict[str, Any]) -> Iterator[Step]:
    """Every step of these parameters, in the order in which they run."""
    for stage in ASKING_STAGES:
        for item, paths in outputs(stage, params):
            files = [path for path in paths if path.name.endswith("asked.json")]
            yield Step(stage, item, files[0] if files else paths[0] / "asked.json")


def keys_used(dataset: str) -> set[str]:
    """Keys of the stored answers that the last run used.

    The files of what a run no longer lists have been deleted by evaluate.
    """
    files = sorted(output("prepare", dataset=dataset).parent.rglob("*asked.json"))
    if not files:
        raise MissingError(
            f"nothing was asked for {dataset} yet; run `e2ep run --dataset {dataset}` first"
        )
    return {key for file in files for key in read_model(file, Asked).keys}
