"""The ratings of a sheet, checked against the scale, the movies and each other."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from stages.data.sheets.parts import checked_parts
from stages.data.sheets.sheet import Sheet
from stages.data.sheets.times import LATEST
from stages.data.sheets.values import Scale, filled, on_scale, whole_numbers

IMPLICIT_SCALE: Scale = (0.0, 1.0)
_PAIR = ["user_id", "movie_id"]


@dataclass(frozen=True)
class Rules:
    """What a row of ratings must keep to.

    movies_file: where to look for an unknown movie.
    keep_last: of a repeated pair the latest counts, and among equal times the last line.
    """

    scale: Scale
    movies: pd.Series
    movies_file: str
    step: float | None = None
    keep_last: bool = False


def rating_frame(sheet: Sheet, rules: Rules) -> pd.DataFrame:
    """Ratings from the columns user_id, movie_id, rating, timestamp and part.

    Without rating every row counts 1 (implicit); without timestamp every time is 0 (unknown);
    without part there is none.
    """
    users, movies = filled(sheet, "user_id"), filled(sheet, "movie_id")
    ratings = pd.DataFrame(
        {
            "user_id": users,
            "movie_id": movies,
            "rating": on_scale(sheet, "rating", rules.scale, rules.step)
            if "rating" in sheet.rows
            else np.float32(1),
            "timestamp": whole_numbers(sheet, "timestamp", 0, LATEST, blank=0)
            if "timestamp" in sheet.rows
            else 0.0,
        }
    ).astype({"timestamp": np.int64})
    if "part" in sheet.rows:
        ratings["part"] = checked_parts(sheet)
    sheet.refuse(
        ~movies.isin(rules.movies).to_numpy(bool),
        lambda row: (
            f"movie {movies[row]} is not in {rules.movies_file}; add it there or drop the line"
        ),
    )
    if rules.keep_last:
        return _latest(ratings)
    refuse_repeats(
        sheet,
        ratings[_PAIR],
        "user {} has already rated movie {} on {}; keep one, or import with --duplicates last",
    )
    return ratings


def _latest(ratings: pd.DataFrame) -> pd.DataFrame:
    """One row per pair, in the order of the file; a known time comes after an unknown one."""
    by_time = ratings.sort_values("timestamp", kind="stable")
    return by_time.drop_duplicates(_PAIR, keep="last").sort_index(ignore_index=True)


def refuse_repeats(sheet: Sheet, pairs: pd.DataFrame, sentence: str) -> None:
    """Refuse a repeated pair; the message names both values and where the first stands."""

    def what(row: int) -> str:
        same = (pairs == pairs.iloc[row]).all(axis=1).to_numpy(bool)
        return sentence.format(*pairs.iloc[row], sheet.place(int(same.argmax())))

    sheet.refuse(pairs.duplicated().to_numpy(bool), what)
