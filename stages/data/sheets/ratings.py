"""The ratings of a sheet, checked against the scale, the movies and each other."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from stages.data.sheets.sheet import Sheet
from stages.data.sheets.values import Scale, filled, on_scale, whole_numbers

IMPLICIT_SCALE: Scale = (0.0, 1.0)
LATEST = 253_402_300_799
"""The last second of the year 9999."""


@dataclass(frozen=True)
class Rules:
    """What a row of ratings must keep to; `movies_file` is where a person looks for a movie that is not known."""

    scale: Scale
    movies: pd.Series
    movies_file: str
    step: float | None = None
    keep_last: bool = False


def rating_frame(sheet: Sheet, rules: Rules) -> pd.DataFrame:
    """Ratings from the columns user_id, movie_id, rating (absent: implicit) and timestamp (absent: unknown)."""
    users, movies = filled(sheet, "user_id"), filled(sheet, "movie_id")
    implicit, timed = "rating" not in sheet.rows, "timestamp" in sheet.rows
    ratings = pd.DataFrame(
        {
            "user_id": users,
            "movie_id": movies,
            "rating": np.float32(1)
            if implicit
            else on_scale(sheet, "rating", rules.scale, rules.step),
            "timestamp": whole_numbers(sheet, "timestamp", 0, LATEST, blank=0) if timed else 0.0,
        }
    ).astype({"timestamp": np.int64})
    _refuse_unknown(sheet, movies, rules)
    return _without_repeats(sheet, ratings, rules.keep_last)


def _refuse_unknown(sheet: Sheet, movies: pd.Series, rules: Rules) -> None:
    unknown = ~movies.isin(rules.movies).to_numpy(bool)
    sheet.refuse(
        unknown,
        lambda row: (
            f"movie {movies[row]} is not in {rules.movies_file}; add it there or drop the line"
        ),
    )


def _without_repeats(sheet: Sheet, ratings: pd.DataFrame, keep_last: bool) -> pd.DataFrame:
    pair = ["user_id", "movie_id"]
    if keep_last:
        return ratings.drop_duplicates(pair, keep="last", ignore_index=True)
    sheet.refuse(ratings.duplicated(pair).to_numpy(bool), lambda row: _repeat(sheet, ratings, row))
    return ratings


def _repeat(sheet: Sheet, ratings: pd.DataFrame, row: int) -> str:
    user, movie = ratings["user_id"][row], ratings["movie_id"][row]
    first = int(
        ((ratings["user_id"] == user) & (ratings["movie_id"] == movie)).to_numpy(bool).argmax()
    )
    advice = "keep one, or import with --duplicates last"
    return f"user {user} has already rated movie {movie} on line {sheet.line(first)}; {advice}"
