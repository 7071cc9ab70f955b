"""Reading a person's own CSV files, whatever their columns are called."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from stages.contracts.items import YEAR_AT_END
from stages.contracts.words import DomainWords
from stages.core.errors import InputError
from stages.data.dataset import Dataset, movie_frame, times_known, user_frame, with_raters
from stages.data.formats.bare import bare_items
from stages.data.formats.titles import years_of
from stages.data.forms.form import FileForm
from stages.data.forms.joined import read_parts
from stages.data.sheets.columns import choose_columns, require_used
from stages.data.sheets.creators import creator_word, creators
from stages.data.sheets.lists import lists, texts_of_lists
from stages.data.sheets.meaning import Meaning, meaning_of
from stages.data.sheets.parts import with_parts
from stages.data.sheets.ratings import Rules, rating_frame
from stages.data.sheets.sheet import Sheet, read_own_sheet
from stages.data.sheets.times import in_seconds
from stages.data.sheets.values import distinct, filled, known_numbers, texts
from stages.data.wording import ITEMS

_DATE = r"^\s*(\d{4})-\d\d?-\d\d?(?:[T ].*)?$"
"""A whole date in the place of a year."""
_NOTHING: tuple[str, ...] = ()
"""No note on what was left out."""


@dataclass(frozen=True)
class Own:
    """A person's files, the columns they named, and the form of the ratings, if they named it.

    valid, test: the other parts, where `ratings` holds those to train on alone.
    """

    ratings: Path
    items: Path | None
    users: Path | None = None
    columns: dict[str, str] = field(default_factory=dict)
    words: DomainWords = ITEMS
    form: FileForm | None = None
    valid: Path | None = None
    test: Path | None = None

    @property
    def parts(self) -> dict[str, Path]:
        """The files of ratings by part."""
        files = {"train": self.ratings, "valid": self.valid, "test": self.test}
        if self.valid is not None and self.test is None:
            raise InputError(f"--valid {self.valid} is of no use without --test; give both")
        return {part: path for part, path in files.items() if path is not None}


def read_own(name: str, own: Own, meaning: Meaning) -> tuple[Dataset, tuple[str, ...]]:
    """The person's files as a Dataset, and what was left out of them.

    A fault raises an InputError with file and line.
    """
    rated = read_parts(own.parts, own.form)
    items = None if own.items is None else read_own_sheet(own.items)
    people = None if own.users is None else read_own_sheet(own.users)
    require_used(own.columns, rated, items, people)
    meaning = meaning_of(rated.layout, meaning)
    dated, of_times = in_seconds(_rated(rated, own, meaning))
    movies, of_movies = _bare(dated) if items is None else _movies(items, own)
    ratings = rating_frame(
        dated,
        Rules(meaning.scale, movies["movie_id"], f"{own.items}", keep_last=meaning.keep_last),
    )
    users, of_users = (None, _NOTHING) if people is None else _users(people, own)
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
        description=f"Imported from {_names(own)}",
        ordered=rated.layout == "sequence",
        item=own.words.item,
        items=own.words.items,
        verb=own.words.verb,
        creator="" if items is None else creator_word(items, own.columns),
    )
    return data, (*_unsaid(rated, own), *_repeats(dated, ratings), *of_times, *of_movies, *of_users)


def _repeats(sheet: Sheet, ratings: pd.DataFrame) -> tuple[str, ...]:
    """A note on the rows of pairs that were rated again."""
    repeats = len(sheet.rows) - len(ratings)
    which = "latest by time" if "timestamp" in sheet.rows else "on the last line"
    counted = f"{repeats:,} repeated rating{'s' if repeats > 1 else ''} left out"
    note = f"{sheet.path.name}: {counted}; of a pair, the one {which} counts"
    return (note,) if repeats else _NOTHING


def _rated(sheet: Sheet, own: Own, meaning: Meaning) -> Sheet:
    if meaning.implicit and "rating" in own.columns:
        raise InputError("--implicit means that there is no rating; leave rating out of --columns")
    needed = ("user", "item") if meaning.implicit else ("user", "item", "rating")
    return with_parts(
        choose_columns(sheet, own.columns, needed, ("timestamp", "part")),
        named="part" in own.columns,
    )


def _names(own: Own) -> str:
    files = (*own.parts.values(), own.items)
    *others, last = (path.name for path in files if path is not None)
    return f"{', '.join(others)} and {last}" if others else last


def _unsaid(sheet: Sheet, own: Own) -> tuple[str, ...]:
    """A note on lists of items whose order nobody has said to mean anything."""
    if sheet.layout != "adjacency" or own.form is not None:
        return _NOTHING
    return (
        f"{sheet.path.name} is read as lists of items per user, in any order; where they stand by "
        "time, import with --form sequence",
    )


def _bare(sheet: Sheet) -> tuple[pd.DataFrame, tuple[str, ...]]:
    movies = bare_items(filled(sheet, "movie_id"))
    shown = movies["title"][0]
    return movies, (
        f"without --items nothing is known of an item but its id, as in {shown!r}: lists are "
        "ranked, but hardly a reason can be given",
    )


def _movies(sheet: Sheet, own: Own) -> tuple[pd.DataFrame, tuple[str, ...]]:
    sheet = choose_columns(
        sheet, own.columns, ("item", "title"), ("year", "genres", "text", "creators")
    )
    titles, rows = filled(sheet, "title"), sheet.rows
    years: Iterable[float] = years_of(titles, YEAR_AT_END.pattern)
    left = _NOTHING
    if "year" in rows:
        written = rows["year"].str.replace(_DATE, r"\1", regex=True)
        years, left = known_numbers(sheet, "year", 1, 9999, written)
    genres = lists(sheet, "genres") if "genres" in rows else [[] for _ in titles]
    if "text" in rows:
        sheet = replace(sheet, rows=rows.assign(text=texts_of_lists(rows["text"])))
    ids, shown = distinct(sheet, "movie_id"), texts(sheet, "text")
    return movie_frame(ids, titles, years, genres, shown, creators(sheet)), left


def _users(sheet: Sheet, own: Own) -> tuple[pd.DataFrame, tuple[str, ...]]:
    sheet = choose_columns(sheet, own.columns, ("user",), ("gender", "age", "occupation"))
    ages, left = np.full(len(sheet.rows), np.nan), _NOTHING
    if "age" in sheet.rows:
        ages, left = known_numbers(sheet, "age", 0, 150)
    ids, genders = distinct(sheet, "user_id"), texts(sheet, "gender")
    return user_frame(ids, genders, ages, texts(sheet, "occupation")), left
