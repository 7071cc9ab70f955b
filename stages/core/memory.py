"""Memory that a process has freed, and whether the system gets it back."""

import ctypes
from contextlib import suppress

LARGE = 1 << 24
"""Bytes of a block that goes back at once."""
_M_MMAP_THRESHOLD = -3  # in glibc's malloc.h


def give_back_large_blocks() -> None:
    """Return blocks from LARGE bytes on to the system as soon as they are freed.

    Left alone, glibc soon does so from 32 MiB on only. What is smaller it keeps, in pieces that
    often do not suit what is asked for next. Each block is then filled with zeros anew, which takes
    time. Where there is another malloc, nothing changes.
    """
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE)
