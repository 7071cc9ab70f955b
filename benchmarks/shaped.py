"""Data sets of other shapes than MovieLens', as CSV files, drawn from real ratings."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SEED = 7
Row = tuple[object, ...]


@dataclass(frozen=True)
class Rated:
    """Ratings (user, item and what else is known), and a row for each item, its id first."""

    ratings: list[Row]
    items: list[Row]

    def write(self, folder: Path) -> None:
        """ratings.csv and items.csv; columns by their number."""
        columns = ("user", "item", "rating", "timestamp"), ("item", "title", "genres")
        files = ("ratings", self.ratings), ("items", self.items)
        for (name, rows), head in zip(files, columns, strict=True):
            with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
                csv.writer(file).writerows([head[: len(rows[0])], *rows])


@dataclass(frozen=True)
class Shape:
    """Where it comes from, how it is made, how it is imported, and on how many folds it is run."""

    file: str
    make: Callable[[Path], Rated]
    options: tuple[str, ...] = ()
    folds: int = 1


def few_users(n: int) -> Callable[[Path], Rated]:
    """This many users of MovieLens 100K, and the films that they have rated."""

    def make(file: Path) -> Rated:
        ratings: list[Row] = [tuple(line.split("\t")) for line in _lines(file)]
        return _of_users(ratings, _films(file.parent), n)

    return make


def bare(file: Path) -> Rated:
    """MovieLens 100K with numbers in place of titles, and nothing else known about an item."""
    ratings: list[Row] = [tuple(line.split("\t")) for line in _lines(file)]
    return Rated(ratings, [(film, f"Item {film}") for film in _films(file.parent)])


def to_ten(n: int) -> Callable[[Path], Rated]:
    """This many users of MovieLens 1M on 0–10: n stars are 2n or one less; times are left out."""

    def make(file: Path) -> Rated:
        movies = (line.split("::") for line in _lines(file.parent / "movies.dat"))
        films: dict[str, Row] = {film: (title, genres) for film, title, genres in movies}
        rated = _of_users([tuple(line.split("::")[:3]) for line in _lines(file)], films, n)
        lower = np.random.default_rng(SEED).integers(0, [2, 3], size=(len(rated.ratings), 2))
        # One star is 0, 1 or 2, so that the scale begins where it says.
        points: list[Row] = [
            (user, item, int(str(stars)) * 2 - int(by[int(stars == "1")]))
            for (user, item, stars), by in zip(rated.ratings, lower, strict=True)
        ]
        return Rated(points, rated.items)

    return make


def used(n: int, whole_catalogue: bool) -> Callable[[Path], Rated]:
    """What this many users of an arena used; of all items, or of theirs."""

    def make(file: Path) -> Rated:
        lines = [line.split() for line in _lines(file)]
        drawn = np.random.default_rng(SEED).choice(len(lines), n, replace=False)
        mine = [lines[at] for at in sorted(drawn)]
        shown = {item for _, *items in (lines if whole_catalogue else mine) for item in items}
        return Rated(
            [(user, item) for user, *items in mine for item in items],
            [(item, f"Product {item}") for item in sorted(shown, key=int)],
        )

    return make


SHAPES = {
    "sparse": Shape("arenas/Beauty.txt", used(5000, False), ("--implicit",)),
    "users-150": Shape("ml-100k/u.data", few_users(150), folds=5),
    "wide": Shape("arenas/Toys_and_Games.txt", used(1500, True), ("--implicit",)),
    "bare": Shape("ml-100k/u.data", bare),
    "ten": Shape("ml-1m/ratings.dat", to_ten(1000), ("--scale", "0-10", "--positive-at", "7")),
    "users-10": Shape("ml-100k/u.data", few_users(10), folds=5),
    "users-138": Shape("ml-100k/u.data", few_users(138), folds=5),
}


def _of_users(ratings: Sequence[Row], films: dict[str, Row], n: int) -> Rated:
    users = sorted({str(row[0]) for row in ratings}, key=int)
    drawn = set(np.random.default_rng(SEED).choice(users, n, replace=False))
    mine = [row for row in ratings if row[0] in drawn]
    shown = sorted({str(row[1]) for row in mine}, key=int)
    return Rated(mine, [(film, *films[film]) for film in shown])


def _films(folder: Path) -> dict[str, Row]:
    """Title and genres of MovieLens 100K by id."""
    genres = [line.partition("|")[0] for line in _lines(folder / "u.genre")]
    films: dict[str, Row] = {}
    for line in _lines(folder / "u.item"):
        film, title, *rest = line.split("|")
        flags = zip(genres, rest[-len(genres) :], strict=True)
        films[film] = title, "|".join(genre for genre, flag in flags if flag == "1")
    return films


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="latin-1").splitlines() if line]
