"""Rows by group: the place of a row within its group, and the runs of a sorted key."""

from collections.abc import Iterator

import numpy as np

RANGE = 1 << 22
"""Rows that are sorted at a time, about, where they lie in order of their groups."""


def place_in_group(groups: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    """The place of each row, from 0, within its group, sorted by `keys`, the first one foremost.

    groups and each of keys: (rows,). Returns (rows,).
    """
    place = np.empty(len(groups), dtype=np.int64)
    for part in _ranges(groups):
        own = groups[part] - groups[part.start] if part.start else groups[part]
        order = np.lexsort((*(key[part] for key in keys[::-1]), own))
        counts = np.bincount(own)
        firsts = np.repeat(np.cumsum(counts) - counts, counts)
        place[part][order] = np.arange(len(own)) - firsts
    return place


def _ranges(groups: np.ndarray) -> Iterator[slice]:
    """Ranges of rows that hold whole groups: one, unless many rows lie in order of their groups."""
    n = len(groups)
    if n <= RANGE or (groups[1:] < groups[:-1]).any():
        yield slice(0, n)
        return
    ends = np.searchsorted(groups, groups[RANGE - 1 :: RANGE], side="right")
    ends = np.unique(np.append(ends, n))
    yield from (slice(*pair) for pair in zip([0, *ends[:-1]], ends, strict=True))


def runs(keys: np.ndarray) -> Iterator[tuple[int, slice]]:
    """Each distinct value of `keys`, which are sorted whole numbers, and the slice of its rows."""
    values, starts = np.unique(keys, return_index=True)
    for value, start, end in zip(
        values.tolist(), starts, np.append(starts, len(keys))[1:], strict=True
    ):
        yield value, slice(int(start), int(end))
