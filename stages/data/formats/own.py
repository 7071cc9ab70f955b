"""Reading a person's own CSV files, whatever their columns are called."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from stages.contracts.items import YEAR_AT_END
from stages.core.errors import InputError
from stages.data.dataset import Dataset, movie_frame, times_known, user_frame, with_raters
from stages.data.formats.titles import years_of
from stages.data.sheets.columns import choose_columns, require_used
from stages.data.sheets.faults import collecting
from stages.data.sheets.lists import lists, texts_of_lists
from stages.data.sheets.meaning import Meaning
from stages.data.sheets.nothing import LAST_YEAR, require_there, without_nothing
from stages.data.sheets.own_sheet import read_own_sheet
from stages.data.sheets.places import OwnSheets, with_places_named
from stages.data.sheets.ratings import Rules, rating_frame
from stages.data.sheets.sheet import Sheet
from stages.data.sheets.times import in_seconds
from stages.data.sheets.values import filled, known_numbers, texts, without_copies

_DATE = r"^\s*(\d{4})-\d\d?-\d\d?(?:[T ].*)?$"
"""A whole date in the place of a year."""


@dataclass(frozen=True)
class Own:
    """A person's files, the columns they named, and the encoding of what is not UTF-8."""

    ratings: Path
    items: Path
    users: Path | None = None
    columns: dict[str, str] = field(default_factory=dict)
    encoding: str | None = None


def read_own(name: str, own: Own, meaning: Meaning) -> tuple[Dataset, tuple[str, ...]]:
    """The person's files as a Dataset, and what was left out of them.

    A fault raises an InputError with file and line.
    """
    with collecting(meaning.skip_faults, "--skip-faults leaves such rows out") as faults:
        sheets = with_places_named(_read(own))
        rated, items, people = sheets.rated, sheets.items, sheets.people
        blank = [note for sheet in (rated, items, people) if sheet for note in sheet.notes]
        own = replace(own, columns=sheets.named)
        require_used(own.columns, rated, items, people)
        rated = _rated(rated, own, meaning)
        items = choose_columns(items, own.columns, ("item", "title"), ("year", "genres", "text"))
        if people is not None:
            people = choose_columns(people, own.columns, ("user",), ("gender", "age", "occupation"))
        require_there(meaning.nothing, rated, items, people)
        rated = in_seconds(without_nothing(rated, meaning.nothing))
        movies = _movies(without_nothing(items, meaning.nothing))
        users = None if people is None else _users(without_nothing(people, meaning.nothing))
        known = items.kept if meaning.skip_faults else slice(None)
        rules = Rules(
            meaning.scale,
            movies["movie_id"][known],
            str(own.items),
            keep_last=meaning.keep_last,
            own=True,
            left_out=movies["movie_id"][items.out],
            drop_unknown=meaning.drop_unknown,
        )
        ratings = rating_frame(rated, rules)
    left_out = (*blank, *(each.note() for each in faults.left_out))
    if ratings.empty:
        raise InputError(f"no rating is left to import: {'; '.join(left_out)}")
    movies = movies[items.kept].reset_index(drop=True)
    data = Dataset(
        name=name,
        kind="csv",
        movies=movies,
        users=with_raters(users, ratings),
        ratings=ratings,
        scale=meaning.scale,
        positive_at=meaning.positive_at,
        implicit=meaning.implicit,
        timestamps=times_known(ratings),
        simulated=False,
        description=f"Imported from {own.ratings.name} and {own.items.name}",
    )
    return data, left_out


def _read(own: Own) -> OwnSheets:
    rated, items = (
        read_own_sheet(path, encoding=own.encoding) for path in (own.ratings, own.items)
    )
    people = None if own.users is None else read_own_sheet(own.users, encoding=own.encoding)
    return OwnSheets(rated, items, people, own.columns)


def _rated(sheet: Sheet, own: Own, meaning: Meaning) -> Sheet:
    if meaning.implicit and "rating" in own.columns:
        raise InputError("--implicit means that there is no rating; leave rating out of --columns")
    needed = ("user", "item") if meaning.implicit else ("user", "item", "rating")
    return choose_columns(sheet, own.columns, needed, ("timestamp",))


def _movies(sheet: Sheet) -> pd.DataFrame:
    ids = without_copies(sheet, "movie_id")
    titles, rows = filled(sheet, "title"), sheet.rows
    years: Iterable[float] = years_of(titles, YEAR_AT_END.pattern)
    if "year" in rows:
        written = rows["year"].str.replace(_DATE, r"\1", regex=True)
        years = known_numbers(sheet, "year", 1, LAST_YEAR, written)
    genres = lists(sheet, "genres") if "genres" in rows else [[] for _ in titles]
    if "text" in rows:
        sheet = replace(sheet, rows=rows.assign(text=texts_of_lists(rows["text"])))
    return movie_frame(ids, titles, years, genres, texts(sheet, "text"))


def _users(sheet: Sheet) -> pd.DataFrame:
    ages = np.full(len(sheet.rows), np.nan)
    if "age" in sheet.rows:
        ages = known_numbers(sheet, "age", 1, 119)
    ids, genders = without_copies(sheet, "user_id"), texts(sheet, "gender")
    users = user_frame(ids, genders, ages, texts(sheet, "occupation"))
    return users[sheet.kept].reset_index(drop=True)
