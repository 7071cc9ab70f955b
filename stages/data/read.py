"""Reading a data set in whichever format its files have."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from stages.core.errors import InputError
from stages.core.spelling import likeliest, suggestion
from stages.data.dataset import Dataset, DatasetKind
from stages.data.formats import arena, canonical, ml_1m, ml_100k, ml_latest
from stages.data.registry.entries import REGISTRY, SAMPLE
from stages.data.sheets.faults import collecting

_ARENAS = {entry.parts["train"]: entry for entry in REGISTRY.values() if entry.parts}
MARKS: tuple[tuple[str, DatasetKind], ...] = (
    (canonical.ABOUT, "csv"),
    ("u.data", "ml-100k"),
    ("ratings.dat", "ml-1m"),
    ("ratings.csv", "ml-latest-small"),
    *((mark, entry.name) for mark, entry in _ARENAS.items()),
)
"""The file by which a format is recognised: the first one that is there."""
_READERS: dict[DatasetKind, Callable[[Path], Dataset]] = {
    "csv": canonical.read,
    "ml-100k": ml_100k.read,
    "ml-1m": ml_1m.read,
    "ml-latest-small": ml_latest.read,
    **{entry.name: partial(arena.read, entry) for entry in _ARENAS.values()},
}


def read_dataset(folder: Path) -> Dataset:
    """Read and check a data set; bad content raises an InputError with files and lines."""
    with collecting():
        return _READERS[kind_of(folder)](folder)


def kind_of(folder: Path) -> DatasetKind:
    """The format of the files in `folder`."""
    require_folder(folder)
    for mark, kind in MARKS:
        if (folder / mark).is_file():
            return kind
    marks = ", ".join(mark for mark, _ in MARKS)
    raise InputError(
        f"{folder} holds no data set: none of {marks} is there; add or import it again"
    )


def require_folder(folder: Path) -> None:
    """Refuse a data set that is not there, and say how to get it or which one is likely meant."""
    if folder.is_dir():
        return
    if folder.name not in (SAMPLE, *REGISTRY):
        raise InputError(unknown_dataset(folder.name, known_names(folder.parent)))
    way = "dvc pull data.dvc" if folder.name == SAMPLE else f"e2ep data add {folder.name}"
    raise InputError(
        f"the data set {folder.parent.name}/{folder.name} is not there; get it with `{way}`"
    )


def present(root: Path) -> list[str]:
    """The names of the data sets in `root`."""
    if not root.is_dir():
        return []
    return sorted(path.name for path in root.iterdir() if path.is_dir() and path.name[0] != ".")


def known_names(root: Path) -> list[str]:
    """The data sets in `root`, and those that can be added to it."""
    return list(dict.fromkeys((*present(root), SAMPLE, *REGISTRY)))


def unknown_dataset(name: str, known: Iterable[str]) -> str:
    """The message about a data set that nobody knows."""
    names = list(known)
    own = "" if likeliest(name, names) else "; `e2ep data import` adds data of your own"
    return f"there is no data set {name!r}; {suggestion(name, names)}{own}"
