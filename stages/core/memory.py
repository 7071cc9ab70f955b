"""Memory that a process has freed, and whether the system gets it back."""

import ctypes
from contextlib import suppress

_M_MMAP_THRESHOLD = -3  # in glibc's malloc.h


def give_back_blocks(least: int) -> None:
    """Return freed blocks of at least so many bytes to the system at once.

    By default glibc raises this limit to up to 32 MiB as such blocks are freed. Smaller blocks it
    keeps, often in pieces that the next table does not fit into. The price is time: the system
    fills each new block with zeros. Other C libraries are left as they are.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, least)
