"""The data sets and runs that a person can name."""

from pathlib import Path

from stages.core.errors import InputError
from stages.data.read import known_names, unknown_dataset

_MADE = ("artifacts/*/prepare", "metrics/*/summary.json")
"""What a run leaves behind in a folder named for its data set."""


def made_datasets(folder: Path) -> list[str]:
    """The data sets for which something was made, even if their data is no longer here."""
    made = {path.parent.name for pattern in _MADE for path in folder.glob(pattern)}
    runs = {path.name for path in folder.glob("runs/*") if path.is_dir()}
    return sorted(made | runs)


def known_dataset(folder: Path, name: str) -> str:
    """`name`, if a data set or a run has it; otherwise an InputError with the one likely meant."""
    known = [*known_names(folder / "data"), *made_datasets(folder)]
    if name not in known:
        raise InputError(unknown_dataset(name, known))
    return name
