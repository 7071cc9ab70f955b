"""Files that appear whole or not at all, written without importing pandas or pyarrow."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stages.core.errors import InputError, MissingError


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a temporary file beside `path`, then move it there whole.

    A link stays a link, and its target is overwritten. An OSError names `path`.
    """
    if path.exists() and not path.is_file():
        _write_nowhere(path, write)
        return
    target = Path(os.path.realpath(path))
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    with _named(path):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            write(partial)
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)


def _write_nowhere(path: Path, write: Callable[[Path], object]) -> None:
    """Write to the null device; a move would replace a folder, device or pipe."""
    if not path.samefile(os.devnull):
        raise InputError(f"{path} is not a regular file, so nothing is written; name a file")
    write(path)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Raise an OSError that names `path`, not the temporary file or nothing."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from error


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with Unix line ends."""
    write_whole(path, lambda partial: partial.write_text(text, encoding="utf-8", newline="\n"))


def write_json(path: Path, value: Any) -> None:
    """Write JSON with sorted keys and an indent of one, which reads well in a Git diff."""
    write_text(path, json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def existing(path: Path) -> Path:
    """`path`, or a MissingError that says which stage to run."""
    if not path.exists():
        raise MissingError(f"{path} is not there yet; run `e2ep run` (or `dvc repro`) to make it")
    return path
