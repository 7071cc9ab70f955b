"""The splits that were prepared, which can be read before anything is trained on them."""

from dataclasses import dataclass
from pathlib import Path

from e2ep_cli.project.places import looked_up, output
from e2ep_cli.runs.run import Run
from stages.contracts.splits import NEXT, known_split
from stages.core.errors import InputError


@dataclass(frozen=True)
class PreparedSplit:
    """A split of a data set, and the folder that prepare wrote."""

    folder: Path
    dataset: str
    name: str


def prepared_split(run: Run, split: str | None) -> PreparedSplit:
    """A run's split of that name, by default its first.

    An InputError if it is missing, or has no test.
    """
    name = run.dataset
    folder = output(run.folder, "prepare", dataset=name)
    made = sorted(path.name for path in (folder / "splits").glob("*") if path.is_dir())
    if not made:
        raise InputError(
            f"run {run.name} has made nothing yet; run `{run.command}`, "
            "or give files of ratings with --test and --train"
        )
    wanted = known_split(split or looked_up(run.params, "splits")[0])
    if wanted == NEXT:
        raise InputError(f"{NEXT} has no test rows to measure on; take one of the other splits")
    if wanted not in made:
        raise InputError(
            f"split {wanted!r} was not made for {name}; choose from {', '.join(made)}, or list it "
            "under splits of params.yaml and run `e2ep run`"
        )
    return PreparedSplit(folder, name, wanted)
