"""Made-up ratings of any size: lognormal users, items by Zipf and Mandelbrot's law."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from stages.core.seeds import generator
from stages.train.fitting.data import TrainingData

SEED, TEXT = 7, 384
SHIFT = 50
"""An item's chance is 1 / (rank + SHIFT): the first of 59,047 has .003, as in MovieLens 25M."""
MORE = 1.15
"""Pairs drawn for one that is wanted, as some come twice."""
SHARES = (0.06, 0.11, 0.27, 0.35, 0.21)
"""Of the ratings 1 to 5 in MovieLens 100K."""


class Size(NamedTuple):
    """Of a made-up data set."""

    users: int
    items: int
    ratings: int


def make(size: Size, folder: Path) -> None:
    """Write ratings in order of users, no pair of user and item twice."""
    draw, found = generator(SEED, "pairs"), np.empty(0, dtype=np.int64)
    chances, names = draw.lognormal(0, 1, size.users), draw.permutation(size.items)
    while len(found) < size.ratings:
        many = draw.multinomial(int(MORE * size.ratings), chances / chances.sum())
        user = np.repeat(np.arange(size.users), many)
        item = names[ranks(draw.random(len(user)), size.items)]
        found = distinct(np.concatenate([found, user * size.items + item]))
    pairs = np.delete(
        found, draw.choice(len(found), len(found) - size.ratings, replace=False, shuffle=False)
    )
    for name, rows in zip(("user", "item"), np.divmod(pairs, size.items), strict=True):
        np.save(folder / f"{name}.npy", rows.astype(np.int32))
    drawn = np.searchsorted(
        np.cumsum(SHARES)[:-1], draw.random(size.ratings, dtype=np.float32), side="right"
    )
    np.save(folder / "rating.npy", (drawn + 1).astype(np.float32))


def ranks(drawn: np.ndarray, items: int) -> np.ndarray:
    """Ranks from numbers drawn evenly below 1.

    By the inverse of log(1 + rank / SHIFT) / log(1 + items / SHIFT).
    """
    return (SHIFT * np.expm1(drawn * np.log1p(items / SHIFT))).astype(np.int64)


def distinct(pairs: np.ndarray) -> np.ndarray:
    """What np.unique gives, which takes half a minute for 25 million."""
    pairs.sort()
    return pairs[np.append(True, pairs[1:] != pairs[:-1])]


def read(size: Size, folder: Path) -> TrainingData:
    """The ratings, each user's in the order of time as they lie, and random texts of the items."""
    drawn = generator(SEED, "text").standard_normal((size.items, TEXT), dtype=np.float32)
    return replace(share_of(size, folder, 0, 1), item_text=drawn / np.float32(TEXT**0.5))


def share_of(size: Size, folder: Path, number: int, shares: int) -> TrainingData:
    """Those of a share of the users with about equally many ratings, without texts."""
    user, item, rating = (
        np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("user", "item", "rating")
    )
    marks = [int(user[len(user) * at // shares - 1]) + 1 if at else 0 for at in range(shares)]
    first, last = marks[number], [*marks, size.users][number + 1]
    own = slice(*np.searchsorted(user, [first, last]))
    many = np.bincount(user[own] - first, minlength=last - first)
    seconds = 1 + np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    return TrainingData(
        user[own] - first,
        np.array(item[own]),
        np.array(rating[own]),
        last - first,
        size.items,
        timestamp=seconds,
    )
