"""No space left on a disk, as one sentence."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stages.core.errors import InputError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_out_of_room(error: BaseException) -> bool:
    """Whether the disk, a person's share of it or the largest allowed file is full."""
    return isinstance(error, OSError) and error.errno in _FULL


@contextmanager
def room_for(name: str, root: Path) -> Iterator[None]:
    """Say in one sentence that the data set `name` does not fit."""
    try:
        yield
    except OSError as error:
        if not is_out_of_room(error):
            raise
        raise InputError(
            f"there is no space left for {name} ({error.strerror}); free some where {root} is and "
            "in the folder for temporary files (TMPDIR)"
        ) from error
