"""Which items a person lets into a list: by genre and by year."""

import re
from collections.abc import Sequence

import numpy as np

from stages.contracts.items import Item
from stages.core.errors import InputError
from stages.core.spelling import suggestion


def allowed_items(
    genres: Sequence[str], years: str | None, catalogue: Sequence[Item]
) -> np.ndarray:
    """The items that have one of the genres and a year of the span, (items,) bool."""
    known = {genre.casefold(): genre for item in catalogue for genre in item.genres}
    unknown = [genre for genre in genres if genre.casefold() not in known]
    if unknown:
        raise InputError(
            f"no item has the genre {unknown[0]!r}; "
            f"{suggestion(unknown[0], sorted(known.values()))}"
        )
    low, high = _span(years)
    named = {genre.casefold() for genre in genres}
    passing = [
        (not named or not named.isdisjoint(genre.casefold() for genre in item.genres))
        and (years is None or (item.year is not None and low <= item.year <= high))
        for item in catalogue
    ]
    return np.array(passing, dtype=bool)


def _span(years: str | None) -> tuple[int, int]:
    """First and last year of YEAR or FROM-TO."""
    span = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", years or "0000-9999")
    if not span or int(span[2] or span[1]) < int(span[1]):
        raise InputError(
            f"--year {years!r} is neither a year nor a span; write --year 1995 or --year 1990-1999"
        )
    return int(span[1]), int(span[2] or span[1])
