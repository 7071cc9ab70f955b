"""Reading a person's own CSV files, whatever their columns are called."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from stages.contracts.items import YEAR_AT_END
from stages.core.errors import InputError
from stages.data.dataset import Dataset, movie_frame, times_known, user_frame, with_raters
from stages.data.formats.titles import years_of
from stages.data.sheets.columns import choose_columns, require_used
from stages.data.sheets.lists import lists, texts_of_lists
from stages.data.sheets.meaning import Meaning
from stages.data.sheets.ratings import Rules, rating_frame
from stages.data.sheets.sheet import Sheet, read_own_sheet
from stages.data.sheets.times import in_seconds
from stages.data.sheets.values import distinct, filled, texts, whole_numbers


@dataclass(frozen=True)
class Own:
    """A person's files, and the columns they named."""

    ratings: Path
    items: Path
    users: Path | None = None
    columns: dict[str, str] = field(default_factory=dict)


def read_own(name: str, own: Own, meaning: Meaning) -> Dataset:
    """The person's files as a Dataset; a fault raises an InputError with file and line."""
    rated, items = read_own_sheet(own.ratings), read_own_sheet(own.items)
    people = None if own.users is None else read_own_sheet(own.users)
    require_used(own.columns, rated, items, people)
    movies = _movies(items, own)
    ratings = rating_frame(
        _rated(rated, own, meaning),
        Rules(meaning.scale, movies["movie_id"], str(own.items), keep_last=meaning.keep_last),
    )
    return Dataset(
        name=name,
        kind="csv",
        movies=movies,
        users=with_raters(None if people is None else _users(people, own), ratings),
        ratings=ratings,
        scale=meaning.scale,
        positive_at=meaning.positive_at,
        implicit=meaning.implicit,
        timestamps=times_known(ratings),
        simulated=False,
        description=f"Imported from {own.ratings.name} and {own.items.name}",
    )


def _rated(sheet: Sheet, own: Own, meaning: Meaning) -> Sheet:
    if meaning.implicit and "rating" in own.columns:
        raise InputError("--implicit means that there is no rating; leave rating out of --columns")
    needed = ("user", "item") if meaning.implicit else ("user", "item", "rating")
    return in_seconds(choose_columns(sheet, own.columns, needed, ("timestamp",)))


def _movies(sheet: Sheet, own: Own) -> pd.DataFrame:
    sheet = choose_columns(sheet, own.columns, ("item", "title"), ("year", "genres", "text"))
    titles, rows = filled(sheet, "title"), sheet.rows
    years = (
        whole_numbers(sheet, "year", 0, 9999, blank=np.nan)
        if "year" in rows
        else years_of(titles, YEAR_AT_END.pattern)
    )
    genres = lists(sheet, "genres") if "genres" in rows else [[] for _ in titles]
    if "text" in rows:
        sheet = replace(sheet, rows=rows.assign(text=texts_of_lists(rows["text"])))
    return movie_frame(distinct(sheet, "movie_id"), titles, years, genres, texts(sheet, "text"))


def _users(sheet: Sheet, own: Own) -> pd.DataFrame:
    sheet = choose_columns(sheet, own.columns, ("user",), ("gender", "age", "occupation"))
    ages = (
        whole_numbers(sheet, "age", 0, 150, blank=np.nan)
        if "age" in sheet.rows
        else [np.nan] * len(sheet.rows)
    )
    return user_frame(
        distinct(sheet, "user_id"), texts(sheet, "gender"), ages, texts(sheet, "occupation")
    )
