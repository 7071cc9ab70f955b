"""When users rate: from their first day, in evenings of a few ratings with days in between."""

from datetime import UTC, datetime

import numpy as np

from stages.core.seeds import generator
from stages.data.sample.draws import permutation, whole

_FIRST_YEAR, _LAST_YEAR = 2015, 2024
_DAY = 86_400
_NEW_SESSION = 0.15


def start_times(users: int, seed: int) -> np.ndarray:
    """Each user's first second: within 2015–2024, more often in later years; shape (users,)."""
    rng = generator(seed, "start")
    first, end = _year_start(_FIRST_YEAR), _year_start(_LAST_YEAR + 1)
    days = (end - first) // _DAY
    day = np.minimum((np.sqrt(rng.random(users)) * days).astype(np.int64), days - 1)
    return first + day * _DAY + whole(rng, 17 * 3600, 22 * 3600, users)


def start_years(starts: np.ndarray) -> np.ndarray:
    """The calendar year of each start."""
    years = np.arange(_FIRST_YEAR, _LAST_YEAR + 1)
    return years[
        np.searchsorted([_year_start(int(year)) for year in years], starts, side="right") - 1
    ]


def rating_times(starts: np.ndarray, counts: np.ndarray, seed: int) -> np.ndarray:
    """Rising times for each user's ratings, users one after another; shape (ratings,)."""
    rng = generator(seed, "sessions")
    ratings = int(counts.sum())
    seconds = whole(rng, 8, 95, ratings)
    days = 1 + (rng.random(ratings) ** 3 * 40).astype(np.int64)
    gaps = np.where(rng.random(ratings) < _NEW_SESSION, days * _DAY, 0) + seconds
    elapsed = np.cumsum(gaps)
    first = np.cumsum(counts) - counts
    return np.repeat(starts - elapsed[first], counts) + elapsed


def shuffled_within(counts: np.ndarray, seed: int) -> np.ndarray:
    """An order that shuffles each user's ratings but keeps users apart; shape (ratings,)."""
    mixed = permutation(generator(seed, "order"), int(counts.sum()))
    owner = np.repeat(np.arange(len(counts)), counts)
    return mixed[np.argsort(owner[mixed], kind="stable")]


def _year_start(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp())
