"""Lists and ratings that a person gave, checked row by row, ids still the outside ones."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stages.core.errors import InputError
from stages.evaluate.score.columns import ITEM, RANK, RATING, USER, Columns, read_columns

LONGEST_RANK = 10
"""Digits from which on a rank is a slip, and no longer sure to fit the arrays."""


@dataclass(frozen=True)
class GivenRatings:
    """Ratings as a person gave them."""

    source: Columns
    users: list[str]
    items: list[str]
    ratings: list[float]


@dataclass(frozen=True)
class GivenLists:
    """Recommendation lists as a person gave them."""

    source: Columns
    users: list[str]
    items: list[str]
    ranks: list[int]


def read_ratings(path: Path) -> GivenRatings:
    """MovieLens' u.data form or CSV with a header; a pair stands once."""
    source = read_columns(path, (USER, ITEM, RATING), headless=True)
    users, items, ratings = source.values
    _no_blanks(source, {"user": users, "movie": items})
    _once(source, users, items, "user {} has a second rating of movie {}; keep one")
    return GivenRatings(
        source, users, items, [_rating(source, row, text) for row, text in enumerate(ratings)]
    )


def read_lists(path: Path) -> GivenLists:
    """CSV with user_id, movie_id and recommendation_rank; a user has an item once and a rank once."""
    source = read_columns(path, (USER, ITEM, RANK))
    users, items, ranks = source.values
    if not users:
        raise InputError(f"{path} holds no list; give a line for each recommended movie")
    _no_blanks(source, {"user": users, "movie": items})
    numbers = [_rank(source, row, text) for row, text in enumerate(ranks)]
    _once(source, users, items, "user {} has movie {} a second time; keep one")
    _once(source, users, numbers, "user {} has rank {} a second time; give every rank once")
    return GivenLists(source, users, items, numbers)


def _no_blanks(source: Columns, columns: dict[str, list[str]]) -> None:
    for what, values in columns.items():
        if "" in values:
            raise source.fault(values.index(""), f"the {what} id is empty; fill it in")


def _once(
    source: Columns, users: Sequence[str], others: Iterable[str | int], sentence: str
) -> None:
    seen: set[tuple[str, str | int]] = set()
    for row, pair in enumerate(zip(users, others, strict=True)):
        if pair in seen:
            raise source.fault(row, sentence.format(*pair))
        seen.add(pair)


def _rating(source: Columns, row: int, text: str) -> float:
    try:
        rating = float(text)
    except ValueError:
        rating = math.nan
    if not math.isfinite(rating):
        raise source.fault(row, f"rating {text!r} is not a number; give one, such as 4")
    return rating


def _rank(source: Columns, row: int, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < LONGEST_RANK and int(text) > 0):
        raise source.fault(
            row,
            f"recommendation_rank {text!r} is not a whole number from 1; give 1 for the top of a list",
        )
    return int(text)
