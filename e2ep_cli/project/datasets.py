"""The data sets and runs that a person can name."""

from collections.abc import Iterator
from pathlib import Path

from stages.core.cache import cache_folder
from stages.core.errors import InputError
from stages.data.read import known_names, unknown_dataset

_MADE = ("artifacts/*/prepare", "metrics/*/summary.json")
_PLACES = (*_MADE, *(f"runs/*/{pattern}" for pattern in _MADE))
"""What a run leaves behind in a folder named for its data set."""


def made_datasets(folder: Path) -> list[str]:
    """The data sets for which something was made, even if their data is no longer here."""
    return sorted({path.parent.name for pattern in _PLACES for path in folder.glob(pattern)})


def known_dataset(folder: Path, name: str) -> str:
    """`name`, if a data set or a run has it; otherwise an InputError with the one likely meant."""
    known = [*known_names(folder / "data"), *made_datasets(folder)]
    if name not in known:
        raise InputError(unknown_dataset(name, known))
    return name


def left_behind(folder: Path, name: str) -> Iterator[str]:
    """A line for each kind of thing that outlives the data set `name`, and how to remove it."""
    for run in sorted(path.parents[1].name for path in folder.glob(f"runs/*/artifacts/{name}")):
        yield f"run {run} stays; `e2ep run --remove {run}` removes it"
    made = [
        f"{kind}/{name}" for kind in ("artifacts", "metrics") if (folder / kind / name).is_dir()
    ]
    if made:
        yield f"what was made from it stays: {', '.join(made)}"
    if (cache_folder(folder) / "replies.sqlite").is_file():
        yield "answers paid for stay, for a run that needs them again; see `e2ep llm prune`"
