"""Whether files are still those that were read, without reading them."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

Stamp: TypeAlias = tuple[tuple[Path, int, int, int], ...]
"""Of each file: path, inode, size and time of the last change; 0 where it is not there."""


def stamp_of(paths: Iterable[Path]) -> Stamp:
    """The files as they are now."""
    stamps = []
    for path in paths:
        try:
            known = path.stat()
            stamps.append((path, known.st_ino, known.st_size, known.st_mtime_ns))
        except OSError:
            stamps.append((path, 0, 0, 0))
    return tuple(stamps)


def again(stamp: Stamp) -> Stamp:
    """The same files as they are now."""
    return stamp_of(path for path, *_ in stamp)
