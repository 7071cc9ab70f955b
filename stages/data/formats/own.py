"""Reading a person's own CSV files, whatever their columns are called."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from stages.contracts.items import YEAR_AT_END
from stages.contracts.understood import Understood
from stages.contracts.words import DomainWords
from stages.core.errors import InputError
from stages.data.columns.chosen import notes_on_ratings, taken_from
from stages.data.columns.columns import require_used
from stages.data.columns.places import OwnSheets, with_places_named
from stages.data.columns.taken import unmatched_ids
from stages.data.dataset import Dataset, movie_frame, times_known, user_frame, with_raters
from stages.data.files.own_sheet import read_own_sheet
from stages.data.formats.bare import bare_items
from stages.data.formats.titles import years_of
from stages.data.layouts.joined import read_parts
from stages.data.layouts.layout import Layout
from stages.data.sheets.creators import creator_word, creators
from stages.data.sheets.faults import collecting
from stages.data.sheets.lists import lists, texts_of_lists
from stages.data.sheets.meaning import Meaning, meaning_of
from stages.data.sheets.nothing import LAST_YEAR, require_there, without_nothing
from stages.data.sheets.parts import with_parts
from stages.data.sheets.ratings import Rules, rating_frame
from stages.data.sheets.sheet import Sheet
from stages.data.sheets.times import in_seconds
from stages.data.sheets.values import filled, known_numbers, texts, without_copies
from stages.data.wording import ITEMS

_DATE = r"^\s*(\d{4})-\d\d?-\d\d?(?:[T ].*)?$"
"""A whole date in the place of a year."""


@dataclass(frozen=True)
class Own:
    """A person's files, the columns they named, and the form and encoding that they gave.

    valid, test: the other parts, where `ratings` holds those to train on alone. form: None for what
    the file shows. encoding: of what is not UTF-8.
    """

    ratings: Path
    items: Path | None
    users: Path | None = None
    columns: dict[str, str] = field(default_factory=dict)
    encoding: str | None = None
    form: Layout | None = None
    valid: Path | None = None
    test: Path | None = None
    words: DomainWords = ITEMS

    @property
    def parts(self) -> dict[str, Path]:
        """The files of ratings by part."""
        files = {"train": self.ratings, "valid": self.valid, "test": self.test}
        if self.valid is not None and self.test is None:
            raise InputError(f"--valid {self.valid} is of no use without --test; give both")
        return {part: path for part, path in files.items() if path is not None}

    @property
    def names(self) -> str:
        """The files of ratings and items, in words."""
        files = (*self.parts.values(), self.items)
        *others, last = (path.name for path in files if path is not None)
        return f"{', '.join(others)} and {last}" if others else last


@dataclass(frozen=True)
class OwnData:
    """A person's files as a Dataset with what was understood of them.

    left_out: a sentence for each reason. notes: what else a person should know.
    """

    data: Dataset
    left_out: tuple[str, ...]
    notes: tuple[str, ...]


def read_own(name: str, own: Own, meaning: Meaning) -> OwnData:
    """Understand a person's files; a fault raises an InputError with file and line."""
    with collecting(meaning.skip_faults, "--skip-faults leaves such rows out") as faults:
        sheets = with_places_named(_read(own))
        own = replace(own, columns=sheets.named)
        require_used(own.columns, sheets.rated, sheets.items, sheets.people)
        meaning = meaning_of(sheets.rated.layout, meaning)
        taken = taken_from(sheets, meaning)
        require_there(meaning.nothing, *(each.sheet for each in taken.values()))
        plain = {
            holds: without_nothing(each.sheet, meaning.nothing) for holds, each in taken.items()
        }
        rated = in_seconds(with_parts(plain["ratings"]))
        movies = _movies(plain["items"]) if "items" in plain else _bare(rated, own.words.item)
        users = _users(plain["users"]) if "users" in plain else None
        out = plain["items"].out if "items" in plain else np.zeros(len(movies), bool)
        rules = Rules(
            meaning.scale,
            movies["movie_id"][~out if meaning.skip_faults else slice(None)],
            str(own.items),
            keep_last=meaning.keep_last,
            own=True,
            left_out=movies["movie_id"][out],
            drop_unknown=meaning.drop_unknown,
        )
        ratings = rating_frame(rated, rules)
    blank = (note for each in taken.values() for note in each.whole.notes)
    left_out = (*blank, *(each.note() for each in faults.left_out))
    if ratings.empty:
        raise InputError(f"no rating is left to import: {'; '.join(left_out)}")
    movies = movies[~out].reset_index(drop=True)
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
        description=f"Imported from {own.names}",
        ordered=sheets.rated.layout == "sequence",
        understood=Understood(
            files=tuple(each.as_understood(faults.left_out) for each in taken.values()),
            liked=int((ratings["rating"] >= meaning.positive_at).sum()),
            unmatched=unmatched_ids(ratings, movies, users),
        ),
        item=own.words.item,
        items=own.words.items,
        verb=own.words.verb,
        creator=creator_word(taken["items"].columns) if "items" in taken else "",
    )
    notes = (*_on_form(sheets, own, movies), *notes_on_ratings(taken["ratings"], ratings, meaning))
    return OwnData(data, left_out, notes)


def _read(own: Own) -> OwnSheets:
    rated = read_parts(own.parts, own.form, own.encoding)
    items, people = (
        None if path is None else read_own_sheet(path, encoding=own.encoding)
        for path in (own.items, own.users)
    )
    return OwnSheets(rated, items, people, own.columns)


def _on_form(sheets: OwnSheets, own: Own, movies: pd.DataFrame) -> Iterator[str]:
    """What a person should know of lists whose order nobody named, and of items known by id."""
    if sheets.rated.layout == "adjacency" and own.form is None:
        yield (
            f"{sheets.rated.path.name} is read as lists of items per user, in any order; where "
            "they stand by time, import with --form sequence"
        )
    if own.items is None:
        yield (
            f"without --items nothing is known of an item but its id, as in "
            f"{movies['title'][0]!r}: lists are ranked, but hardly a reason can be given"
        )


def _bare(sheet: Sheet, noun: str) -> pd.DataFrame:
    return bare_items(filled(sheet, "movie_id")[sheet.kept], noun)


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
    return movie_frame(ids, titles, years, genres, texts(sheet, "text"), creators(sheet))


def _users(sheet: Sheet) -> pd.DataFrame:
    ages = np.full(len(sheet.rows), np.nan)
    if "age" in sheet.rows:
        ages = known_numbers(sheet, "age", 1, 119)
    ids, genders = without_copies(sheet, "user_id"), texts(sheet, "gender")
    users = user_frame(ids, genders, ages, texts(sheet, "occupation"))
    return users[sheet.kept].reset_index(drop=True)
