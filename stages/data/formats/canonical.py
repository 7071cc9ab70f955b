"""Our own form: dataset.json, ratings.csv, movies.csv and maybe users.csv, in UTF-8 with commas.

dataset.json says what the numbers mean; genres are joined by `|`; an empty value is unknown. Many
ratings lie in ratings.parquet instead (many_ratings.py).
"""

from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from stages.contracts.understood import Understood
from stages.contracts.words import FILMS, Verb
from stages.core.errors import InputError
from stages.core.files import write_json, write_whole
from stages.data.dataset import Dataset, movie_frame, times_known, user_frame, with_raters
from stages.data.formats.many_ratings import FILE as MANY
from stages.data.formats.many_ratings import many_ratings
from stages.data.formats.titles import split_genres
from stages.data.sheets.ratings import Rules, rating_frame
from stages.data.sheets.sheet import read_sheet
from stages.data.sheets.values import distinct, filled, require_columns, texts, whole_numbers

ABOUT = "dataset.json"


class About(BaseModel):
    """What dataset.json says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    scale: tuple[float, float]
    positive_at: float
    implicit: bool = False
    timestamps: bool = True
    simulated: bool = False
    description: str = ""
    ordered: bool = False
    understood: Understood | None = None
    item: str = FILMS.item
    items: str = FILMS.items
    verb: Verb = FILMS.verb
    creator: str = FILMS.creator

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        low, high = self.scale
        if not low < self.positive_at <= high:
            raise ValueError(
                f"positive_at {self.positive_at:g} must lie above {low:g} and at most at {high:g}"
            )
        return self


def read(folder: Path) -> Dataset:
    """Read the four files."""
    about, movies = read_about(folder), _movies(folder)
    if (many := folder / MANY).exists():
        ratings = many_ratings(many, about.scale, about.implicit, movies["movie_id"])
    else:
        sheet = read_sheet(folder / "ratings.csv")
        require_columns(sheet, "user_id", "movie_id", "rating")
        ratings = rating_frame(sheet, Rules(about.scale, movies["movie_id"], "movies.csv"))
    users = with_raters(_users(folder), ratings)
    timed = about.timestamps and times_known(ratings)
    facts = dict(about) | {"timestamps": timed, "ordered": about.ordered and not timed}
    return Dataset(kind="csv", movies=movies, users=users, ratings=ratings, **facts)


def read_about(folder: Path) -> About:
    """Read dataset.json."""
    path = folder / ABOUT
    try:
        return About.model_validate_json(path.read_bytes())
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(map(str, fault["loc"])) or "the file"
        raise InputError(
            f"{path}: {where}: {fault['msg'].lower()}; import the set again"
        ) from error


def _movies(folder: Path) -> pd.DataFrame:
    sheet = read_sheet(folder / "movies.csv")
    require_columns(sheet, "movie_id", "title", "year", "genres")
    years = whole_numbers(sheet, "year", 0, 9999, blank=np.nan)
    genres = split_genres(sheet.rows["genres"])
    creators = split_genres(sheet.rows["creators"]) if "creators" in sheet.rows else None
    ids, titles = distinct(sheet, "movie_id"), filled(sheet, "title")
    return movie_frame(ids, titles, years, genres, texts(sheet, "text"), creators)


def _users(folder: Path) -> pd.DataFrame | None:
    if not (folder / "users.csv").exists():
        return None
    sheet = read_sheet(folder / "users.csv")
    require_columns(sheet, "user_id", "gender", "age", "occupation")
    ages = whole_numbers(sheet, "age", 0, 150, blank=np.nan)
    return user_frame(
        distinct(sheet, "user_id"), texts(sheet, "gender"), ages, texts(sheet, "occupation")
    )


def write(folder: Path, data: Dataset) -> None:
    """Write `data` so that `read` gives it back."""
    about = About(**{name: getattr(data, name) for name in About.model_fields})
    # A set without these reads as those do that were made before there were any.
    unset = {name for name in ("ordered", "understood") if not getattr(data, name)}
    write_json(folder / ABOUT, about.model_dump(mode="json", exclude=unset))
    _write_csv(folder / "ratings.csv", data.ratings.assign(rating=_plain(data.ratings["rating"])))
    joined = {name: data.movies[name].map("|".join) for name in ("genres", "creators")}
    movies = data.movies.assign(**joined)
    _write_csv(
        folder / "movies.csv",
        movies if movies["creators"].any() else movies.drop(columns="creators"),
    )
    _write_csv(folder / "users.csv", data.users)


def _plain(ratings: pd.Series) -> pd.Series:
    """The shortest decimal that gives the same float32: 4, not 4.0."""
    return ratings.map(
        {value: np.format_float_positional(value, trim="-") for value in ratings.unique()}
    )


def _write_csv(path: Path, frame: pd.DataFrame) -> None:
    write_whole(path, lambda partial: frame.to_csv(partial, index=False, lineterminator="\n"))
