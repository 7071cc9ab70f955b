"""Rows by group: the place of a row within its group, and the runs of a sorted key."""

from collections.abc import Iterator

import numpy as np


def place_in_group(groups: np.ndarray, *keys: np.ndarray) -> np.ndarray:
    """The place of each row, from 0, within its group, sorted by `keys`, the first one foremost.

    groups and each of keys: (rows,). Returns (rows,).
    """
    order = np.lexsort((*keys[::-1], groups))
    counts = np.bincount(groups)
    place = np.empty(len(groups), dtype=np.int64)
    place[order] = np.arange(len(groups)) - np.repeat(np.cumsum(counts) - counts, counts)
    return place


def runs(keys: np.ndarray) -> Iterator[tuple[int, slice]]:
    """Each distinct value of `keys`, which are sorted whole numbers, and the slice of its rows."""
    values, starts = np.unique(keys, return_index=True)
    for value, start, end in zip(
        values.tolist(), starts, np.append(starts, len(keys))[1:], strict=True
    ):
        yield value, slice(int(start), int(end))
