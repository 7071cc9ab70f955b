"""Reading a person's own CSV files, whatever their columns are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from stages.contracts.items import YEAR_AT_END
from stages.contracts.understood import Understood
from stages.core.errors import InputError
from stages.data.dataset import Dataset, movie_frame, times_known, user_frame, with_raters
from stages.data.formats.taken import Taken, unmatched_ids
from stages.data.formats.titles import years_of
from stages.data.guesses.ids import matched_ids
from stages.data.guesses.names import ROW_ID, is_count, plain_name
from stages.data.guesses.scales import notes_on_scale
from stages.data.sheets.columns import columns_of, require_used
from stages.data.sheets.faults import collecting
from stages.data.sheets.lists import lists, texts_of_lists
from stages.data.sheets.meaning import Meaning
from stages.data.sheets.nothing import LAST_YEAR, require_there, without_nothing
from stages.data.sheets.own_sheet import read_own_sheet
from stages.data.sheets.parts import are_parts, with_parts
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
        rated, items, people = sheets.rated, sheets.items, sheets.people
        own = replace(own, columns=sheets.named)
        require_used(own.columns, rated, items, people)
        taken = _taken(rated, items, people, own, meaning)
        of_ratings, of_items, *others = (each.sheet for each in taken)
        require_there(meaning.nothing, of_ratings, of_items, *others)
        dated = in_seconds(with_parts(without_nothing(of_ratings, meaning.nothing)))
        movies = _movies(without_nothing(of_items, meaning.nothing))
        users = _users(without_nothing(others[0], meaning.nothing)) if others else None
        rules = Rules(
            meaning.scale,
            movies["movie_id"][items.kept if meaning.skip_faults else slice(None)],
            str(own.items),
            keep_last=meaning.keep_last,
            own=True,
            left_out=movies["movie_id"][items.out],
            drop_unknown=meaning.drop_unknown,
        )
        ratings = rating_frame(dated, rules)
    blank = (note for sheet in (rated, items, people) if sheet for note in sheet.notes)
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
        understood=Understood(
            files=tuple(each.as_understood(faults.left_out) for each in taken),
            liked=int((ratings["rating"] >= meaning.positive_at).sum()),
            unmatched=unmatched_ids(ratings, movies, users),
        ),
    )
    return OwnData(data, left_out, _on_ratings(taken[0], ratings, meaning))


def _read(own: Own) -> OwnSheets:
    rated, items = (
        read_own_sheet(path, encoding=own.encoding) for path in (own.ratings, own.items)
    )
    people = None if own.users is None else read_own_sheet(own.users, encoding=own.encoding)
    return OwnSheets(rated, items, people, own.columns)


def _taken(
    rated: Sheet, items: Sheet, people: Sheet | None, own: Own, meaning: Meaning
) -> list[Taken]:
    """What each file's columns are: the ratings, the items and maybe the users."""
    named = _Named.of(own.columns, rated, items, people)
    of_items = columns_of(
        items, named.items, ("item", "title"), ("year", "genres", "text", "creators")
    )
    taken = [
        Taken("ratings", rated, _rated_columns(rated, named.rated, meaning)),
        Taken("items", items, of_items),
    ]
    if people is not None:
        of_users = columns_of(people, named.people, ("user",), ("gender", "age", "occupation"))
        taken.append(Taken("users", people, of_users))
    return taken


@dataclass(frozen=True)
class _Named:
    """The columns of each file that are settled: those the person named, and those of the ids."""

    rated: Mapping[str, str]
    items: Mapping[str, str]
    people: Mapping[str, str]

    @classmethod
    def of(
        cls, columns: dict[str, str], rated: Sheet, items: Sheet, people: Sheet | None
    ) -> "_Named":
        left, right, own = dict(columns), dict(columns), dict(columns)
        if pair := matched_ids("item", rated, items, columns):
            left["item"], right["item"] = pair
        if people is not None and (pair := matched_ids("user", rated, people, left)):
            left["user"], own["user"] = pair
        return cls(left, right, own)


def _rated_columns(sheet: Sheet, named: Mapping[str, str], meaning: Meaning) -> dict[str, str]:
    if meaning.implicit and "rating" in named:
        raise InputError("--implicit means that there is no rating; leave rating out of --columns")
    wanted = ("timestamp", "part") if meaning.implicit else ("rating", "timestamp", "part")
    row_id = next((column for column in sheet.columns if plain_name(column) == ROW_ID), None)
    item = f", or --columns item={row_id} if it does not number the rows" if row_id else ""
    advice = "name it with --columns {key}=COLUMN"
    columns_of(sheet, named, ("user",))
    columns = columns_of(sheet, named, ("user", "item"), wanted, advice + item)
    if "part" in columns and "part" not in named and not are_parts(sheet.rows[columns["part"]]):
        del columns["part"]
    if meaning.implicit or "rating" in columns:
        return columns
    count = next((column for column in sheet.columns if is_count(column)), None)
    what = f"; {count} says how often, which is no rating" if count else ""
    raise InputError(
        f"{sheet.path}, line 1: no rating column in {', '.join(sheet.columns)}{what}: add "
        "--implicit if each line says that a user used an item, else --columns rating=COLUMN"
    )


def _on_ratings(taken: Taken, ratings: pd.DataFrame, meaning: Meaning) -> tuple[str, ...]:
    """What a person should know about the scale, or about ratings that are passed over."""
    if not meaning.implicit:
        values = ratings["rating"].to_numpy(np.float64)
        return () if meaning.given else notes_on_scale(values, meaning.scale)
    passed = columns_of(taken.whole, {}, (), ("rating",)).get("rating")
    if passed is None or passed in taken.columns.values():
        return ()
    return (
        f"{taken.whole.path.name}: the ratings in {passed} are not used, as --implicit says that "
        "there are none; import without it to use them",
    )


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
