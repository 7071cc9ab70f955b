"""Reading a data set in whichever format its files have."""

from collections.abc import Callable, Iterable
from pathlib import Path

from stages.core.errors import InputError
from stages.core.spelling import likeliest, suggestion
from stages.data.dataset import Dataset, DatasetKind
from stages.data.formats import arena, canonical, ml_1m, ml_10m, ml_100k, ml_latest
from stages.data.manifest import read_manifest
from stages.data.registry.entries import REGISTRY, SAMPLE, RegistryEntry
from stages.data.sheets.faults import collecting

MARKS: tuple[tuple[str, str], ...] = (
    (canonical.ABOUT, "csv"),
    ("u.data", "ml-100k"),
    ("ratings.dat", "ml-1m"),
    ("ratings.csv", "ml-latest-small"),
    *((entry.parts["train"], name) for name, entry in REGISTRY.items() if entry.parts),
)
"""The file by which a set is recognised, the first one that is there: as our own form, or as the
published set that it is if neither a manifest nor the folder's name says which."""
_READERS: dict[DatasetKind, Callable[[Path], Dataset]] = {
    "csv": canonical.read,
    "ml-100k": ml_100k.read,
    "ml-1m": ml_1m.read,
    "ml-10m": ml_10m.read,
}
_OF_SEVERAL: dict[DatasetKind, Callable[[Path, RegistryEntry], Dataset]] = {
    "ml-latest-small": ml_latest.read,
    "arena": arena.read,
}
"""Forms that several published sets have."""


def read_dataset(folder: Path, entry: RegistryEntry | None = None) -> Dataset:
    """Read and check a data set; bad content raises an InputError with files and lines.

    entry: the published set that it is, if nothing in the folder says so yet.
    """
    entry = entry or published(folder)
    kind = entry.kind if entry else "csv"
    with collecting():
        if entry is not None and kind in _OF_SEVERAL:
            return _OF_SEVERAL[kind](folder, entry)
        return _READERS[kind](folder)


def kind_of(folder: Path) -> DatasetKind:
    """The format of the files in `folder`."""
    entry = published(folder)
    return entry.kind if entry else "csv"


def published(folder: Path) -> RegistryEntry | None:
    """The set whose publisher's own files lie in `folder`; None for our own form."""
    require_folder(folder)
    mark, name = next((pair for pair in MARKS if (folder / pair[0]).is_file()), ("", ""))
    if not mark:
        marks = ", ".join(mark for mark, _ in MARKS)
        raise InputError(
            f"{folder} holds no data set: none of {marks} is there; add or import it again"
        )
    if name == "csv":
        return None
    manifest = read_manifest(folder)
    entry = REGISTRY.get(manifest.name if manifest else folder.name)
    fits = entry is not None and entry.kind != "csv" and mark in entry.files
    return entry if fits else REGISTRY[name]


def require_folder(folder: Path) -> None:
    """Refuse a data set that is not there, and say how to get it or which one is likely meant."""
    if folder.is_dir():
        return
    if folder.name not in (SAMPLE, *REGISTRY):
        raise InputError(unknown_dataset(folder.name, known_names(folder.parent)))
    way = "dvc pull data.dvc" if folder.name == SAMPLE else REGISTRY[folder.name].command
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
    if likeliest(name, names):
        return f"there is no data set {name!r}; {suggestion(name, names)}"
    here = [known for known in names if known not in REGISTRY]
    return (
        f"there is no data set {name!r}; {suggestion(name, here)}, or from those that `e2ep data "
        "list` shows; `e2ep data import` adds data of your own"
    )
