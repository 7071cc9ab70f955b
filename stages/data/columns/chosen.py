"""Which columns are taken from a person's files: as they name them, or by name and fit."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from stages.contracts.understood import FileKind
from stages.core.errors import InputError
from stages.data.columns.columns import columns_of
from stages.data.columns.ids import matched_ids
from stages.data.columns.names import ROW_ID, is_count, plain_name
from stages.data.columns.places import OwnSheets
from stages.data.columns.taken import Taken
from stages.data.sheets.meaning import Meaning
from stages.data.sheets.parts import are_parts
from stages.data.sheets.scales import notes_on_scale
from stages.data.sheets.sheet import Sheet

_OF_ITEMS = ("year", "genres", "text", "creators")
_OF_USERS = ("gender", "age", "occupation")


def taken_from(sheets: OwnSheets, meaning: Meaning) -> dict[FileKind, Taken]:
    """What each file's columns are: the ratings, and where they are there the items and users."""
    named = _Named.of(sheets)
    rated = _rated_columns(sheets.rated, named.rated, meaning)
    taken: dict[FileKind, Taken] = {"ratings": Taken("ratings", sheets.rated, rated)}
    if sheets.items is not None:
        columns = columns_of(sheets.items, named.items, ("item", "title"), _OF_ITEMS)
        taken["items"] = Taken("items", sheets.items, columns)
    if sheets.people is not None:
        columns = columns_of(sheets.people, named.people, ("user",), _OF_USERS)
        taken["users"] = Taken("users", sheets.people, columns)
    return taken


@dataclass(frozen=True)
class _Named:
    """The columns of each file that are settled: those the person named, and those of the ids."""

    rated: Mapping[str, str]
    items: Mapping[str, str]
    people: Mapping[str, str]

    @classmethod
    def of(cls, sheets: OwnSheets) -> "_Named":
        columns, rated = sheets.named, sheets.rated
        left, right, own = dict(columns), dict(columns), dict(columns)
        if sheets.items is not None and (pair := matched_ids("item", rated, sheets.items, columns)):
            left["item"], right["item"] = pair
        if sheets.people is not None and (pair := matched_ids("user", rated, sheets.people, left)):
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
        f"{sheet.path}, line 1: no rating column in {sheet.named_columns}{what}: add "
        "--implicit if each line says that a user used an item, else --columns rating=COLUMN"
    )


def notes_on_ratings(taken: Taken, ratings: pd.DataFrame, meaning: Meaning) -> tuple[str, ...]:
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
