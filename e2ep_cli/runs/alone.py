"""One `e2ep run` at a time per run; the lock is the system's, so a killed one leaves none."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from e2ep_cli.runs.run import Run
from stages.core.errors import InputError


def _place(run: Run) -> Path:
    return run.folder / ".dvc/tmp/e2ep-run.lock"


@contextmanager
def working_alone(run: Run) -> Iterator[None]:
    """Refuse a second `e2ep run` of the same run while the context lasts."""
    _place(run).parent.mkdir(parents=True, exist_ok=True)
    with _place(run).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(
                f"another e2ep run is working on run {run.name}; wait for it or stop it"
            ) from error
        yield


def is_at_work(run: Run) -> bool:
    """Whether an `e2ep run` of this run is going on."""
    if not _place(run).exists():
        return False
    with _place(run).open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
