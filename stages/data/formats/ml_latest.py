"""MovieLens 20M, 25M, 32M and latest: ratings.csv and movies.csv, half stars, no users file."""

from pathlib import Path

import pandas as pd

from stages.data.dataset import Dataset, movie_frame, times_known, with_raters
from stages.data.formats.titles import split_genres, years_of
from stages.data.registry.entries import RegistryEntry
from stages.data.sheets.ratings import Rules, rating_frame
from stages.data.sheets.sheet import read_sheet
from stages.data.sheets.values import distinct, filled, require_columns

_SCALE = (0.5, 5.0)
_RATING = {"userId": "user_id", "movieId": "movie_id", "rating": "rating", "timestamp": "timestamp"}
_MOVIE = {"movieId": "movie_id", "title": "title", "genres": "genres"}


def read(folder: Path, entry: RegistryEntry) -> Dataset:
    """Read one of the sets of this form; only the ids of its users are known."""
    movies = _movies(folder)
    sheet = read_sheet(folder / "ratings.csv")
    require_columns(sheet, *_RATING)
    ratings = rating_frame(
        sheet.renamed(_RATING), Rules(_SCALE, movies["movie_id"], "movies.csv", step=0.5)
    )
    return Dataset(
        name=entry.name,
        kind=entry.kind,
        movies=movies,
        users=with_raters(None, ratings),
        ratings=ratings,
        scale=_SCALE,
        positive_at=4.0,
        implicit=False,
        timestamps=times_known(ratings),
        simulated=False,
        description=entry.description,
    )


def _movies(folder: Path) -> pd.DataFrame:
    sheet = read_sheet(folder / "movies.csv")
    require_columns(sheet, *_MOVIE)
    sheet = sheet.renamed(_MOVIE)
    titles = filled(sheet, "title")
    return movie_frame(
        distinct(sheet, "movie_id"), titles, years_of(titles), split_genres(sheet.rows["genres"])
    )
