"""Lists and ratings that a person gave, checked row by row, still with outside ids."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.data.columns.columns import choose_columns
from stages.data.sheets.ratings import refuse_repeats
from stages.data.sheets.sheet import Sheet
from stages.data.sheets.values import filled, numbers, whole_numbers
from stages.evaluate.score.forms import (
    OWN_NAMES,
    is_qrels,
    is_run,
    read_lists_sheet,
    read_rated_sheet,
)
from stages.evaluate.score.liking import Liking, liking_from

_LARGEST_RANK = 999_999_999
_PAIR = ["user_id", "movie_id"]
_ADVICE = "call it {name}"
_JUDGED = 1.0
"""From this relevance on, a line of TREC qrels is relevant unless the person says otherwise."""


@dataclass(frozen=True)
class Given:
    """A person's file and its rows: user_id, movie_id, and rating, or rank and system.

    liking: from which rating on an item counts as liked. rated: whether the file has ratings.
    """

    sheet: Sheet
    rows: pd.DataFrame
    liking: Liking = field(default_factory=Liking)
    rated: bool = True


def read_ratings(path: Path, liking: Liking | None, encoding: str | None = None) -> Given:
    """MovieLens' u.data form, TREC qrels, or a table with a header; no pair twice.

    The file may be empty. Without a rating each row is a like. liking: None for the form's own.
    """
    sheet = read_rated_sheet(path, encoding)
    liking = liking or (liking_from(_JUDGED) if is_qrels(sheet) else Liking())
    sheet = choose_columns(sheet, OWN_NAMES, ("user", "item"), ("rating",), _ADVICE)
    rated = "rating" in sheet.rows
    ratings = liking.ratings(sheet) if rated else np.full(len(sheet.rows), liking.positive_at)
    rows = _pairs(sheet).assign(rating=ratings)
    refuse_repeats(
        sheet,
        rows[_PAIR],
        "user {} has already rated item {} on {}; keep one",
        "ratings repeat a pair of an earlier line; keep one of each",
    )
    return Given(sheet, rows, liking, rated)


def read_lists(path: Path, encoding: str | None = None) -> Given:
    """Lists of one or several systems; no item or rank twice per system and user.

    A rank orders a list, or else a score, equal ones as the file has them. TREC runs are ordered
    by score, as `trec_eval` does, which reads no rank.
    """
    sheet = read_lists_sheet(path, encoding)
    by_score = is_run(sheet)
    order = ("score",) if by_score else ("rank", "score")
    sheet = choose_columns(sheet, OWN_NAMES, ("user", "item"), (*order, "system"), _ADVICE)
    rows = _pairs(sheet).assign(system=_systems(sheet))
    listed = ["system", "user_id"]
    refuse_repeats(
        sheet,
        rows[[*_PAIR, "system"]],
        "user {0} has item {1} on {3} already; keep one",
        "rows repeat a user and item of an earlier line; keep one of each",
    )
    if "recommendation_rank" in sheet.rows:
        ranks = whole_numbers(sheet, "recommendation_rank", 1, _LARGEST_RANK).astype("int64")
        ranked = rows.assign(recommendation_rank=ranks)
        refuse_repeats(
            sheet,
            ranked[[*listed, "recommendation_rank"]],
            "user {1} has rank {2} on {3} already; give every rank once",
            "rows repeat a user and rank of an earlier line; give every rank once",
        )
        return Given(sheet, ranked)
    if "score" not in sheet.rows:
        raise InputError(
            f"{path}, line 1: no rank and no score in {sheet.named_columns}; "
            "call one of them recommendation_rank or score"
        )
    falling = rows.assign(score=-numbers(sheet, "score")).sort_values("score", kind="stable")
    places = falling.groupby(listed, sort=False).cumcount() + 1
    return Given(sheet, rows.assign(recommendation_rank=places.sort_index()))


def _systems(sheet: Sheet) -> pd.Series:
    if "system" in sheet.rows:
        return filled(sheet, "system")
    return pd.Series("", index=sheet.rows.index, dtype="str")


def _pairs(sheet: Sheet) -> pd.DataFrame:
    return pd.DataFrame(
        {"user_id": filled(sheet, "user_id"), "movie_id": filled(sheet, "movie_id")}
    )
