"""The ratings of a sheet, checked against the scale, the movies and each other."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from stages.data.guesses.scales import Scale
from stages.data.sheets.faults import brief, commonest
from stages.data.sheets.parts import checked_parts
from stages.data.sheets.sheet import Sheet
from stages.data.sheets.times import LATEST
from stages.data.sheets.values import filled, on_scale, repeated, whole_numbers

IMPLICIT_SCALE: Scale = (0.0, 1.0)
_PAIR = ["user_id", "movie_id"]


@dataclass(frozen=True)
class Rules:
    """What a row of ratings must keep to.

    movies_file: where to look for an unknown movie. own: a person imports the file, so that they
    can pass options. left_out: movies that are left out, and their ratings with them.
    keep_last: of a repeated pair the latest counts, and among equal times the last line.
    drop_unknown: ratings of unknown movies are left out.
    """

    scale: Scale
    movies: pd.Series
    movies_file: str
    step: float | None = None
    keep_last: bool = False
    own: bool = False
    left_out: pd.Series | None = None
    drop_unknown: bool = False


def rating_frame(sheet: Sheet, rules: Rules) -> pd.DataFrame:
    """Ratings from the columns user_id, movie_id, rating, timestamp and part.

    Without rating every row counts 1 (implicit); without timestamp every time is 0 (unknown);
    without part there is none.
    """
    users, movies = filled(sheet, "user_id"), filled(sheet, "movie_id")
    _require_known(sheet, movies, rules)
    ratings = pd.DataFrame(
        {
            "user_id": users,
            "movie_id": movies,
            "rating": on_scale(sheet, "rating", rules.scale, rules.step, rules.own)
            if "rating" in sheet.rows
            else np.float32(1),
            "timestamp": whole_numbers(sheet, "timestamp", 0, LATEST, blank=0)
            if "timestamp" in sheet.rows
            else 0.0,
        }
    ).astype({"timestamp": np.int64})
    if "part" in sheet.rows:
        ratings["part"] = checked_parts(sheet)
    if rules.keep_last:
        _leave_out_repeats(sheet, ratings)
    else:
        keep = ", or import with --duplicates last" if rules.own else ""
        refuse_repeats(
            sheet,
            ratings[_PAIR],
            f"user {{}} has already rated item {{}} on {{}}; keep one{keep}",
            f"ratings repeat a pair of an earlier line; keep one of each{keep}",
        )
    return ratings[sheet.kept].reset_index(drop=True)


def _require_known(sheet: Sheet, movies: pd.Series, rules: Rules) -> None:
    """Refuse ratings of movies that nobody knows, or leave them out."""
    unknown = ~movies.isin(rules.movies).to_numpy(bool)
    if rules.left_out is not None:
        gone = unknown & movies.isin(rules.left_out).to_numpy(bool)
        sheet.leave_out(gone, f"the item is left out of {Path(rules.movies_file).name}")
    not_there = f"not in {rules.movies_file}"
    if rules.drop_unknown:
        items = commonest(movies[unknown & sheet.kept])
        sheet.leave_out(unknown, f"the item is not in {Path(rules.movies_file).name} ({items})")
        return
    ways = "{}, drop the {} or pass --unknown-items drop" if rules.own else "{} or drop the {}"
    sheet.refuse(
        unknown,
        lambda row: (
            f"item {brief(movies[row])} is {not_there}; {ways.format('add it there', 'line')}"
        ),
        f"ratings are of items that are {not_there}; {ways.format('add them', 'lines')}",
    )


def _leave_out_repeats(sheet: Sheet, ratings: pd.DataFrame) -> None:
    """Keep one row per pair: the latest, and a known time comes after an unknown one."""
    by_time = ratings[sheet.kept].sort_values("timestamp", kind="stable")
    earlier = np.zeros(len(ratings), bool)
    earlier[by_time.index[by_time.duplicated(_PAIR, keep="last")]] = True
    which = "latest by time" if "timestamp" in sheet.rows else "on the last line"
    sheet.leave_out(earlier, f"the pair is rated again, and the one {which} counts")


def refuse_repeats(sheet: Sheet, pairs: pd.DataFrame, sentence: str, many: str = "") -> None:
    """Refuse a repeated pair; the message names both values and the line of the first."""
    kept = pairs[sheet.kept]

    def what(row: int) -> str:
        same = (kept == pairs.iloc[row]).all(axis=1).to_numpy(bool)
        first = kept.index.to_numpy()[same.argmax()]
        return sentence.format(*map(brief, pairs.iloc[row]), sheet.where(first))

    sheet.refuse(repeated(sheet, pairs), what, many)
