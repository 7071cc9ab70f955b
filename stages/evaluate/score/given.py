"""Lists and ratings that a person gave, checked row by row, still with outside ids."""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from stages.data.sheets.columns import CANONICAL, choose_columns
from stages.data.sheets.own_sheet import read_own_sheet
from stages.data.sheets.places import no_header
from stages.data.sheets.ratings import refuse_repeats
from stages.data.sheets.sheet import Sheet
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


def read_ratings(path: Path, liking: Liking, encoding: str | None = None) -> Given:
    """MovieLens' u.data form or CSV with a header; no pair twice; the file may be empty."""
    sheet = choose_columns(
        _ratings_sheet(path, encoding), CANONICAL, ("user", "item", "rating"), (), _ADVICE
    )
    rows = _pairs(sheet).assign(rating=liking.ratings(sheet))
    refuse_repeats(sheet, rows[_PAIR], "user {} has already rated movie {} on line {}; keep one")
    return Given(sheet, rows)


def read_lists(path: Path, encoding: str | None = None) -> Given:
    """CSV with user_id, movie_id and recommendation_rank; no item or rank twice per user."""
    sheet = read_own_sheet(path, encoding=encoding)
    if not sheet.headed:
        raise no_header(sheet, "add a line with the names user_id, movie_id, recommendation_rank")
    sheet = choose_columns(sheet, CANONICAL, ("user", "item", "rank"), advice=_ADVICE)
    ranks = whole_numbers(sheet, "recommendation_rank", 1, _LARGEST_RANK)
    rows = _pairs(sheet).assign(recommendation_rank=ranks.astype("int64"))
    refuse_repeats(sheet, rows[_PAIR], "user {} has movie {} on line {} already; keep one")
    refuse_repeats(
        sheet,
        rows[["user_id", "recommendation_rank"]],
        "user {} has rank {} on line {} already; give every rank once",
    )
    return Given(sheet, rows)


def _ratings_sheet(path: Path, encoding: str | None) -> Sheet:
    """Without a header, the columns are those of MovieLens' u.data."""
    sheet = read_own_sheet(path, may_be_empty=True, encoding=encoding)
    if sheet.headed:
        return sheet
    if len(sheet.columns) < 3:
        raise no_header(sheet, "add a line with the names of its columns")
    names = dict(zip(sheet.columns, _U_DATA, strict=False))
    return replace(sheet.renamed(names), headed=True)


def _pairs(sheet: Sheet) -> pd.DataFrame:
    return pd.DataFrame(
        {"user_id": filled(sheet, "user_id"), "movie_id": filled(sheet, "movie_id")}
    )
