"""MovieLens 100K: u.data, u.item, u.user, u.genre, and the official folds u1 … u5."""

from pathlib import Path

import numpy as np
import pandas as pd

from stages.core.errors import InputError
from stages.data.dataset import Dataset, movie_frame, times_known, user_frame, with_raters
from stages.data.formats.titles import years_of
from stages.data.registry.entries import REGISTRY
from stages.data.sheets.dialect import Dialect
from stages.data.sheets.faults import any_refused
from stages.data.sheets.ratings import Rules, rating_frame
from stages.data.sheets.sheet import Sheet, read_sheet
from stages.data.sheets.values import distinct, filled, texts, whole_numbers

_ENTRY = REGISTRY["ml-100k"]
_SCALE = (1.0, 5.0)
_RATING = ("user_id", "movie_id", "rating", "timestamp")
_ROWS = Dialect("\t", _RATING, quoted=False)
_GENRES = Dialect("|", ("genre", "place"), quoted=False)
_USERS = Dialect("|", ("user_id", "age", "gender", "occupation", "zip"), quoted=False)
_ITEM = ("movie_id", "title", "release", "video", "url")


def read(folder: Path) -> Dataset:
    """Read the set; an InputError if a fold's base and test are not all of u.data."""
    movies = _movies(folder)
    rules = Rules(_SCALE, movies["movie_id"], "u.item", step=1.0)
    ratings = rating_frame(read_sheet(folder / "u.data", _ROWS), rules)
    return Dataset(
        name=_ENTRY.name,
        kind=_ENTRY.kind,
        movies=movies,
        users=with_raters(_users(folder), ratings),
        ratings=ratings,
        scale=_SCALE,
        positive_at=4.0,
        implicit=False,
        timestamps=times_known(ratings),
        simulated=False,
        description=_ENTRY.description,
        official_folds={
            f"fold-{n}": _fold(folder, n, ratings, rules)
            for n in range(1, 6)
            if any((folder / f"u{n}.{part}").exists() for part in ("base", "test"))
        },
    )


def _movies(folder: Path) -> pd.DataFrame:
    genres = list(filled(read_sheet(folder / "u.genre", _GENRES), "genre"))
    sheet = read_sheet(folder / "u.item", Dialect("|", (*_ITEM, *genres), "latin-1", quoted=False))
    titles = filled(sheet, "title")
    years = years_of(titles).fillna(years_of(sheet.rows["release"], r"-(\d{4})$"))
    return movie_frame(distinct(sheet, "movie_id"), titles, years, _flagged(sheet, genres))


def _flagged(sheet: Sheet, genres: list[str]) -> list[list[str]]:
    """The genres whose flag is 1; "unknown" is uninformative and left out."""
    flags = np.stack([whole_numbers(sheet, genre, 0, 1) == 1 for genre in genres], axis=1)
    return [
        [g for g, set_ in zip(genres, row, strict=True) if set_ and g != "unknown"] for row in flags
    ]


def _users(folder: Path) -> pd.DataFrame:
    sheet = read_sheet(folder / "u.user", _USERS)
    ages = whole_numbers(sheet, "age", 0, 150)
    return user_frame(
        distinct(sheet, "user_id"), texts(sheet, "gender"), ages, texts(sheet, "occupation")
    )


def _fold(folder: Path, fold: int, ratings: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Test pairs of one official fold, whose base and test must be u.data, each row once."""
    base, test = (
        rating_frame(read_sheet(folder / f"u{fold}.{part}", _ROWS), rules)
        for part in ("base", "test")
    )
    if not (any_refused() or _in_order(pd.concat([base, test])).equals(_in_order(ratings))):
        raise InputError(
            f"{folder}: u{fold}.base and u{fold}.test together are not u.data; get the files again"
        )
    return test[["user_id", "movie_id"]]


def _in_order(ratings: pd.DataFrame) -> pd.DataFrame:
    return ratings.sort_values(["user_id", "movie_id"], ignore_index=True)
