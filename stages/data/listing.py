"""Which data sets are here, and which can be added."""

from dataclasses import dataclass
from pathlib import Path

from stages.core.errors import E2epError
from stages.data.formats.canonical import ABOUT, read_about
from stages.data.manifest import read_manifest
from stages.data.read import present
from stages.data.registry.entries import REGISTRY, SAMPLE

_SAMPLE_DESCRIPTION = "The embedded sample: real films, simulated ratings"


@dataclass(frozen=True)
class ListedSet:
    """A line of `e2ep data list`."""

    name: str
    description: str
    place: str
    way: str


def list_datasets(root: Path) -> list[ListedSet]:
    """The sample, the published sets, then what a person has imported."""
    own = [name for name in present(root) if name not in (SAMPLE, *REGISTRY)]
    rows = [
        (SAMPLE, _SAMPLE_DESCRIPTION, "dvc pull data.dvc"),
        *((name, entry.description, f"e2ep data add {name}") for name, entry in REGISTRY.items()),
        *((name, _own_description(root / name), "e2ep data import") for name in own),
    ]
    return [ListedSet(name, about, _place(root / name), way) for name, about, way in rows]


def _place(folder: Path) -> str:
    if not folder.is_dir():
        return "absent"
    where = f"{folder.parent.name}/{folder.name}"
    try:
        manifest = read_manifest(folder)
    except E2epError:
        return f"{where}: its manifest cannot be read"
    return f"{where}: {manifest.counts}" if manifest else where


def _own_description(folder: Path) -> str:
    try:
        return read_about(folder).description if (folder / ABOUT).is_file() else "not known"
    except E2epError:
        return f"its {ABOUT} cannot be read"
