"""Files without a header: their columns are named by place, as in --columns user=1,item=2."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from stages.contracts.understood import FileKind
from stages.core.errors import InputError
from stages.data.columns.names import USUAL, is_usual
from stages.data.files.separated import unnamed
from stages.data.sheets.sheet import Sheet

_KEYS: dict[FileKind, tuple[str, ...]] = {
    "ratings": ("user", "item", "rating", "timestamp", "part"),
    "items": ("item", "title", "genres", "year", "text", "creators"),
    "users": ("user", "gender", "age", "occupation"),
}
"""What each file can hold; an item and a user have their ids in the first column of their file."""
_SHOWN = 80


@dataclass(frozen=True)
class OwnSheets:
    """A person's files, and the columns that they named in them."""

    rated: Sheet
    items: Sheet | None
    people: Sheet | None
    named: dict[str, str]


def with_places_named(sheets: OwnSheets) -> OwnSheets:
    """The same, a column that is named by its place being called as its key.

    The places of user and item are those among the ratings. A file without a header of which no
    place is known is an InputError.
    """
    named = sheets.named
    rated = _placed(sheets.rated, "ratings", named)
    items = None if sheets.items is None else _placed(sheets.items, "items", named)
    people = None if sheets.people is None else _placed(sheets.people, "users", named)
    there = [sheet for sheet in (sheets.rated, sheets.items, sheets.people) if sheet]
    as_keys = {key: key for key, column in named.items() if _is_place(column, *there)}
    return OwnSheets(rated, items, people, {**named, **as_keys})


def no_header(sheet: Sheet, advice: str) -> InputError:
    """What is wrong with a file that names no column."""
    first = sheet.rows.iloc[0] if len(sheet.rows) else sheet.columns
    return InputError(
        f"{sheet.path} has no header, its first {sheet.unit} being {' '.join(first)[:_SHOWN]}; "
        + advice
    )


def _placed(sheet: Sheet, kind: FileKind, named: Mapping[str, str]) -> Sheet:
    own_id, *others = _KEYS[kind]
    keys = [own_id, *others] if kind == "ratings" else others
    places = {key: int(named[key]) for key in keys if _is_place(named.get(key, ""), sheet)}
    if not places:
        if sheet.headed:
            return sheet
        raise no_header(sheet, _name_places(kind, len(sheet.columns)))
    has_header = sheet.headed and any(is_usual(column, *_known(kind)) for column in sheet.columns)
    if not has_header and kind != "ratings":
        places[own_id] = 1
    sheet = sheet if has_header else _with_first_row(sheet)
    return _under_keys(sheet, places)


def _name_places(kind: FileKind, width: int) -> str:
    first = 1 if kind == "ratings" else 2
    named = list(enumerate(_KEYS[kind][:4], 1))[first - 1 : width]
    example = ",".join(f"{key}={place}" for place, key in named)
    return f"name its columns by place in --columns, as in {example}, or add a line of names"


def _known(kind: FileKind) -> tuple[str, ...]:
    return tuple(key for key in _KEYS[kind] if key in USUAL)


def _is_place(column: str, *sheets: Sheet) -> bool:
    named = any(sheet.headed and column in sheet.columns for sheet in sheets)
    return column.isdecimal() and column.isascii() and not named


def _under_keys(sheet: Sheet, places: dict[str, int]) -> Sheet:
    """The sheet with other names in these places; a column that has one of them loses it."""
    names = [name if name not in places else f"{name} " for name in sheet.columns]
    for key, place in places.items():
        if not 0 < place <= len(names):
            raise InputError(
                f"--columns {key}={place}: {sheet.path} has the columns 1 to {len(names)}"
            )
        names[place - 1] = key
    return replace(sheet, rows=sheet.rows.set_axis(names, axis=1), headed=True)


def _with_first_row(sheet: Sheet) -> Sheet:
    """What was taken for a header is a row."""
    if not sheet.headed:
        return sheet
    names = sheet.columns
    first = ["" if name == unnamed(place) else name for place, name in enumerate(names, 1)]
    row = pd.DataFrame([first], columns=names, dtype="str")
    return replace(
        sheet,
        rows=pd.concat([row, sheet.rows], ignore_index=True),
        lines=np.append(sheet.header, sheet.lines),
        headed=False,
    )
