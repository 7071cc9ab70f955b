"""Free space and write permission where artifacts, answers, DVC's cache and data go."""

import os
import shutil
from pathlib import Path

from e2ep_cli.checks.diagnosis import Diagnosis
from stages.core.cache import cache_folder

_LITTLE = 2e9
_TOO_LITTLE = 5e8


def check(folder: Path) -> list[Diagnosis]:
    """A row per file system, and one for folders that are not writable."""
    names = (".", "artifacts", "runs", "metrics", "data", ".dvc/cache", ".dvc/tmp")
    places = {name: nearest_existing(folder / name) for name in names} | {
        "answers": nearest_existing(cache_folder())
    }
    closed = [name for name, place in places.items() if not os.access(place, os.W_OK | os.X_OK)]
    rows = [room(free, names) for free, names in _systems(places)]
    if closed:
        text = f"cannot be written: {', '.join(closed)}"
        rows.append(Diagnosis("fault", "disk", text, f"chmod -R u+w {' '.join(closed)}"))
    return rows


def nearest_existing(path: Path) -> Path:
    """The path, or the nearest folder above it that exists."""
    return next(place for place in (path, *path.absolute().parents) if place.exists())


def room(free: float, names: list[str]) -> Diagnosis:
    """The row of one file system that has `free` bytes left."""
    text = f"{free / 1e9:.1f} GB free for {', '.join(name for name in names if name != '.')}"
    if free >= _LITTLE:
        return Diagnosis("fine", "disk", text)
    return Diagnosis(
        "note" if free >= _TOO_LITTLE else "fault",
        "disk",
        text,
        "du -sh .dvc/cache artifacts runs data .cache, and free some space",
    )


def _systems(places: dict[str, Path]) -> list[tuple[int, list[str]]]:
    """Free bytes and the names of the places, by file system."""
    systems: dict[int, tuple[int, list[str]]] = {}
    for name, place in places.items():
        free = shutil.disk_usage(place).free
        systems.setdefault(place.stat().st_dev, (free, []))[1].append(name)
    return list(systems.values())
