"""MovieLens 10M: movies.dat and ratings.dat, separated by `::` in UTF-8, half stars, no users."""

from pathlib import Path

import pandas as pd

from stages.data.dataset import Dataset, movie_frame, times_known, with_raters
from stages.data.formats.titles import split_genres, years_of
from stages.data.registry.entries import REGISTRY
from stages.data.sheets.dialect import Dialect
from stages.data.sheets.ratings import Rules, rating_frame
from stages.data.sheets.sheet import read_sheet
from stages.data.sheets.values import distinct, filled

_ENTRY = REGISTRY["ml-10m"]
_SCALE = (0.5, 5.0)
_RATINGS = Dialect("::", ("user_id", "movie_id", "rating", "timestamp"), quoted=False)
_MOVIES = Dialect("::", ("movie_id", "title", "genres"), quoted=False)


def read(folder: Path) -> Dataset:
    """Read the set; only the ids of its users are known."""
    movies = _movies(folder)
    rules = Rules(_SCALE, movies["movie_id"], "movies.dat", step=0.5)
    ratings = rating_frame(read_sheet(folder / "ratings.dat", _RATINGS), rules)
    return Dataset(
        name=_ENTRY.name,
        kind=_ENTRY.kind,
        movies=movies,
        users=with_raters(None, ratings),
        ratings=ratings,
        scale=_SCALE,
        positive_at=4.0,
        implicit=False,
        timestamps=times_known(ratings),
        simulated=False,
        description=_ENTRY.description,
    )


def _movies(folder: Path) -> pd.DataFrame:
    sheet = read_sheet(folder / "movies.dat", _MOVIES)
    titles = filled(sheet, "title")
    return movie_frame(
        distinct(sheet, "movie_id"), titles, years_of(titles), split_genres(sheet.rows["genres"])
    )
