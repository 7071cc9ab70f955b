"""What data sets there are, here and to be had."""

from dataclasses import dataclass
from pathlib import Path

from stages.core.errors import E2epError
from stages.data.check import present
from stages.data.formats.canonical import ABOUT, read_about
from stages.data.manifest import read_manifest
from stages.data.registry.known import OFFICIAL, SAMPLE

SAMPLE_DESCRIPTION = "The embedded sample: real films, simulated ratings"


@dataclass(frozen=True)
class Listed:
    """A line of `e2ep data list`."""

    name: str
    description: str
    place: str
    way: str


def listed(root: Path) -> list[Listed]:
    """The sample, the published sets, then what a person has imported."""
    here = present(root)
    own = [name for name in here if name not in (SAMPLE, *OFFICIAL)]
    known = [
        _line(root, name, known.description, f"e2ep data add {name}")
        for name, known in OFFICIAL.items()
    ]
    sample = _line(root, SAMPLE, SAMPLE_DESCRIPTION, "dvc pull data.dvc")
    return [
        sample,
        *known,
        *(_line(root, name, _own(root / name), "e2ep data import") for name in own),
    ]


def _line(root: Path, name: str, description: str, way: str) -> Listed:
    folder = root / name
    return Listed(
        name, description, f"{folder}{_counts(folder)}" if folder.is_dir() else "absent", way
    )


def _counts(folder: Path) -> str:
    try:
        manifest = read_manifest(folder)
    except E2epError:
        return ": its manifest cannot be read"
    return f": {manifest.counts}" if manifest else ""


def _own(folder: Path) -> str:
    try:
        return read_about(folder).description if (folder / ABOUT).is_file() else "not known"
    except E2epError:
        return f"its {ABOUT} cannot be read"
