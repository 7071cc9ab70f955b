"""Lists and ratings that a person gave, checked row by row, still with outside ids."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from stages.data.sheets.columns import CANONICAL, choose_columns, is_usual
from stages.data.sheets.dialect import Dialect
from stages.data.sheets.ratings import refuse_repeats
from stages.data.sheets.sheet import Sheet, first_line, read_own_sheet, read_sheet
from stages.data.sheets.values import filled, whole_numbers
from stages.evaluate.score.liking import Liking

_U_DATA = ("user_id", "movie_id", "rating", "timestamp")
_LARGEST_RANK = 999_999_999
_PAIR = ["user_id", "movie_id"]
_ADVICE = "call it {name}"


@dataclass(frozen=True)
class Given:
    """A person's file and its rows: user_id, movie_id, and rating or recommendation_rank."""

    sheet: Sheet
    rows: pd.DataFrame


def read_ratings(path: Path, liking: Liking) -> Given:
    """MovieLens' u.data form or CSV with a header; no pair twice; the file may be empty."""
    sheet = choose_columns(_ratings_sheet(path), CANONICAL, ("user", "item", "rating"), (), _ADVICE)
    rows = _pairs(sheet).assign(rating=liking.ratings(sheet))
    refuse_repeats(sheet, rows[_PAIR], "user {} has already rated movie {} on {}; keep one")
    return Given(sheet, rows)


def read_lists(path: Path) -> Given:
    """CSV with user_id, movie_id and recommendation_rank; no item or rank twice per user."""
    sheet = choose_columns(
        read_own_sheet(path), CANONICAL, ("user", "item", "rank"), advice=_ADVICE
    )
    ranks = whole_numbers(sheet, "recommendation_rank", 1, _LARGEST_RANK)
    rows = _pairs(sheet).assign(recommendation_rank=ranks.astype("int64"))
    refuse_repeats(sheet, rows[_PAIR], "user {} has movie {} on {} already; keep one")
    refuse_repeats(
        sheet,
        rows[["user_id", "recommendation_rank"]],
        "user {} has rank {} on {} already; give every rank once",
    )
    return Given(sheet, rows)


def _ratings_sheet(path: Path) -> Sheet:
    """MovieLens' u.data form has tabs, no header, and quotation marks without a meaning."""
    values = first_line(path).split("\t")
    if len(values) < 3 or any(is_usual(value, "user", "item", "rating") for value in values):
        return read_own_sheet(path, may_be_empty=True)
    further = tuple(f"column {place}" for place in range(len(_U_DATA), len(values)))
    return read_sheet(path, Dialect("\t", (*_U_DATA, *further)[: len(values)], quoted=False))


def _pairs(sheet: Sheet) -> pd.DataFrame:
    return pd.DataFrame(
        {"user_id": filled(sheet, "user_id"), "movie_id": filled(sheet, "movie_id")}
    )
