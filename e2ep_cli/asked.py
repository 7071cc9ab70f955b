"""What the steps that ask a chat model were answered: the files asked.json of one data set."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from e2ep_cli.project import outputs
from stages.core.errors import MissingError

if TYPE_CHECKING:
    from stages.core.calls import Asked

STEPS = ("profile-items", "profile-users", "rerank")
"""The stages that ask."""


@dataclass(frozen=True)
class Step:
    """A stage with the axes of its matrix that tell its runs apart, and its file."""

    stage: str
    item: dict[str, str]
    file: Path

    @property
    def name(self) -> str:
        """Such as `rerank fold-1 e2ep scored`."""
        axes = ("split", "base", "strategy")
        return " ".join((self.stage, *(self.item[axis] for axis in axes if axis in self.item)))


def steps(params: dict[str, Any]) -> Iterator[Step]:
    """Every step of these parameters, in the order in which they run."""
    for stage in STEPS:
        for item, paths in outputs(stage, params):
            named = [path for path in paths if path.name.endswith("asked.json")]
            yield Step(stage, item, named[0] if named else paths[0] / "asked.json")


def asked(step: Step) -> "Asked":
    """What the step asked, or a MissingError where it was not run."""
    from stages.core.calls import Asked
    from stages.core.tables import read_model

    if not step.file.exists():
        raise MissingError(f"{step.name} was not run yet; run `e2ep run --dataset {step.item['dataset']}` first")
    return read_model(step.file, Asked)
