"""A data set is built in a hidden folder and moved into place whole, never shown half-built."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stages.core.errors import InputError


@contextmanager
def staging(root: Path, name: str) -> Iterator[Path]:
    """An empty hidden folder in `root`, removed at the end unless it was moved into place.

    Its name means nothing to a person, so it is removed from any InputError that passes through.
    """
    folder, made_root = root / f".{name}.partial-{os.getpid()}", not root.exists()
    folder.mkdir(parents=True)
    try:
        yield folder
    except InputError as error:
        raise InputError(
            str(error).replace(f"{folder}{os.sep}", "").replace(str(folder), name)
        ) from error
    except OSError as error:
        if str(error.filename).startswith(str(folder)):
            error.filename = str(root / name)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if made_root and not any(root.iterdir()):
            root.rmdir()


def settle(built: Path, target: Path) -> None:
    """Move what was built to `target`; what was there goes only once the new one is in place."""
    old = target.with_name(f".{target.name}.replaced-{os.getpid()}")
    if target.exists():
        target.rename(old)
    try:
        built.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
