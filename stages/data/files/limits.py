"""What no honest file exceeds: how far it unpacks, and how many columns it has."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stages.core.errors import InputError

_TIMES = 200
"""Ratings pack to a fifth or a twentieth; a bomb to a thousandth and less."""
_ANYWAY = 64 << 20
_MOST = 16 << 30
_COLUMNS = 10_000


def refuse_bomb(path: Path, unpacked: int, packed: int) -> None:
    """Refuse content of `unpacked` bytes made from `packed` ones if these are too few."""
    if unpacked > _MOST:
        raise InputError(
            f"{path} unpacks to more than {_MOST >> 30} GiB, the most that is read; split it"
        )
    if unpacked > max(_ANYWAY, _TIMES * packed):
        raise InputError(
            f"{path} unpacks to more than {_TIMES} times its size, as ratings never do; if you "
            "trust it, unpack it yourself and give the file inside"
        )


def is_too_wide(width: int) -> bool:
    """Whether a file of so many columns can be no table."""
    return width > _COLUMNS


def refuse_many_columns(path: Path, width: int) -> None:
    """Refuse a file that is too wide to be a table."""
    if is_too_wide(width):
        raise InputError(
            f"{path} has {width:,} columns and at most {_COLUMNS:,} are read; give a file with a "
            "line per rating, item or user"
        )


@contextmanager
def steady(path: Path) -> Iterator[int]:
    """The size of a file, which must be the same file with the same content at the end."""
    before = os.stat(path)
    yield before.st_size
    after = os.stat(path)
    if _state(before) != _state(after):
        raise InputError(
            f"{path} changed while it was read; wait until it is written whole and try again"
        )


def _state(of: os.stat_result) -> tuple[int, int, int]:
    return of.st_ino, of.st_size, of.st_mtime_ns
