"""MovieLens 1M: movies.dat, ratings.dat and users.dat, separated by `::` in Latin-1."""

from pathlib import Path

import pandas as pd

from stages.data.dataset import Dataset, movie_frame, times_known, user_frame, with_raters
from stages.data.formats.titles import split_genres, years_of
from stages.data.registry.entries import REGISTRY
from stages.data.sheets.dialect import Dialect
from stages.data.sheets.ratings import Rules, rating_frame
from stages.data.sheets.sheet import read_sheet
from stages.data.sheets.values import distinct, filled, texts, whole_numbers

_ENTRY = REGISTRY["ml-1m"]
_SCALE = (1.0, 5.0)
_OCCUPATIONS = (
    "other",
    "educator",
    "artist",
    "clerical",
    "student",
    "customer service",
    "doctor",
    "executive",
    "farmer",
    "homemaker",
    "K-12 student",
    "lawyer",
    "programmer",
    "retired",
    "sales",
    "scientist",
    "self-employed",
    "technician",
    "tradesman",
    "unemployed",
    "writer",
)
"""The values that users.dat encodes as numbers from 0, after its README."""


def _dialect(*names: str) -> Dialect:
    return Dialect("::", names, "latin-1", quoted=False)


def read(folder: Path) -> Dataset:
    """Read the set; an age is the lower bound of its group, 1 for those under 18."""
    movies = _movies(folder)
    ratings = rating_frame(
        read_sheet(folder / "ratings.dat", _dialect("user_id", "movie_id", "rating", "timestamp")),
        Rules(_SCALE, movies["movie_id"], "movies.dat", step=1.0),
    )
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
    )


def _movies(folder: Path) -> pd.DataFrame:
    sheet = read_sheet(folder / "movies.dat", _dialect("movie_id", "title", "genres"))
    titles = filled(sheet, "title")
    return movie_frame(
        distinct(sheet, "movie_id"), titles, years_of(titles), split_genres(sheet.rows["genres"])
    )


def _users(folder: Path) -> pd.DataFrame:
    sheet = read_sheet(
        folder / "users.dat", _dialect("user_id", "gender", "age", "occupation", "zip")
    )
    codes = whole_numbers(sheet, "occupation", 0, len(_OCCUPATIONS) - 1)
    occupations = [_OCCUPATIONS[int(code)] for code in codes]
    return user_frame(
        distinct(sheet, "user_id"),
        texts(sheet, "gender"),
        whole_numbers(sheet, "age", 0, 150),
        occupations,
    )
