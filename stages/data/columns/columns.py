"""What each column of a person's file holds: as --columns says, or guessed from usual names."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from stages.core.errors import InputError
from stages.data.columns.names import USUAL, plain_name, stem
from stages.data.sheets.sheet import Sheet

REQUIRED = ("user", "item", "rating", "title")
"""The keys that no --columns KEY= leaves out."""
LISTED = {
    "rank": ("recommendationrank", "rank"),
    "score": ("score", "prediction", "predictedrating"),
    "system": ("system", "model", "algorithm", "algo", "recommender", "method", "run", "tag"),
}
"""The additional columns of a file of recommendations."""
CANONICAL = {"user": "user_id", "item": "movie_id", "rank": "recommendation_rank"}
"""The project's own names, if they differ from the keys."""
_ADVICE = "name it with --columns {key}=COLUMN"
_LOOKED_AT = 1000
"""The rows by which a column that is called like a key is held against it."""
_LIKELY = {
    "rating": r"[-+]?\d*[.,]?\d+(?:[eE][-+]?\d+)?",
    "timestamp": r"\d{4}.*|-?\d+(?:\.\d+)?(?:[eE]\+?\d+)?",
    "year": r".*\d.*",
    "title": r"(?s:.*[^\d\s.,].*)",
}
"""Key → how most values of its column look; of other keys, any."""


def parse_columns(text: str) -> dict[str, str]:
    """``user=uid,item=isbn,year=`` as a dictionary; a column without a name is left out."""
    named = {}
    for part in filter(str.strip, text.split(",")):
        key, equals, column = (piece.strip() for piece in part.partition("="))
        if key not in USUAL or not equals or (not column and key in REQUIRED):
            raise InputError(
                f"--columns {key}={column}: write KEY=COLUMN with a KEY of {', '.join(USUAL)}"
            )
        named[key] = column
    return named


def require_used(named: Mapping[str, str], *sheets: Sheet | None) -> None:
    """Refuse a column that --columns names but no file has."""
    given = [sheet for sheet in sheets if sheet is not None]
    for key, column in named.items():
        if column and not any(column in sheet.columns for sheet in given):
            there = "; ".join(f"{sheet.path} has {sheet.named_columns}" for sheet in given)
            raise InputError(
                f"--columns {key}={column}: no file has the column {column!r}; {there}"
            )


def choose_columns(
    sheet: Sheet,
    named: Mapping[str, str],
    needed: tuple[str, ...],
    useful: tuple[str, ...] = (),
    advice: str = _ADVICE,
) -> Sheet:
    """The sheet under the project's column names; an InputError if a required one is missing."""
    return under_own_names(sheet, columns_of(sheet, named, needed, useful, advice))


def under_own_names(sheet: Sheet, columns: Mapping[str, str]) -> Sheet:
    """Only those columns, under the project's names; columns: key → its column."""
    rows = sheet.rows[list(columns.values())]
    rows = rows.set_axis([CANONICAL.get(key, key) for key in columns], axis=1)
    if columns.get("genres") in sheet.lists:
        rows["genres"] = rows["genres"].str.replace(" ", "|", regex=False)
    return replace(sheet, rows=rows)


def columns_of(
    sheet: Sheet,
    named: Mapping[str, str],
    needed: tuple[str, ...],
    useful: tuple[str, ...] = (),
    advice: str = _ADVICE,
) -> dict[str, str]:
    """Key → its column; an InputError if one that is needed is missing or could be several."""
    chosen: dict[str, str] = {}
    for key in (*needed, *useful):
        column = _column(sheet, key, named, chosen)
        if column is not None:
            chosen[key] = column
        elif key in needed:
            raise InputError(
                f"{sheet.path}, line 1: no {key} column in {sheet.named_columns}; "
                + advice.format(key=key, name=CANONICAL.get(key, key))
            )
    return chosen


def _column(
    sheet: Sheet, key: str, named: Mapping[str, str], chosen: Mapping[str, str]
) -> str | None:
    if named.get(key) in sheet.columns:
        return named[key]
    if named.get(key) == "":
        return None
    spoken_for = {*chosen.values(), *(column for other, column in named.items() if other != key)}
    free = [column for column in sheet.columns if column not in spoken_for]
    plain = {plain_name(column): column for column in free}
    usual = [plain[name] for name in (USUAL | LISTED)[key] if name in plain]
    if key == "user" and usual:
        return _user(sheet, usual)
    if key == "title" and not usual:
        return _named_title(sheet, free, chosen.get("item", ""))
    likely = [column for column in usual if _looks_right(key, sheet.rows[column])]
    return next(iter((*likely, *usual)), None)


def _user(sheet: Sheet, usual: list[str]) -> str:
    """The first of the columns that speak of users; refused if they speak of different ones."""
    first, *others = usual
    for other in others:
        if stem(other) != stem(first) and not _one_to_one(sheet.rows[[first, other]]):
            raise several(sheet, "user", [first, other])
    return first


def _named_title(sheet: Sheet, free: list[str], item: str) -> str | None:
    """A column such as track_name, best the one that is about the items."""
    ends = ("title", "name")
    called = [column for column in free if plain_name(column).endswith(ends)]
    likely = [column for column in called if _looks_right("title", sheet.rows[column])]
    of_items = [column for column in likely if stem(column) == stem(item)]
    if len(of_items or likely) > 1:
        raise several(sheet, "title", of_items or likely)
    return next(iter(of_items or likely), None)


def several(sheet: Sheet, key: str, columns: list[str]) -> InputError:
    """What to say if names and values leave more than one column for a key."""
    *rest, last = columns
    return InputError(
        f"{sheet.path}, line 1: {', '.join(rest)} and {last} could each be the {key}; "
        + " or ".join(f"--columns {key}={column}" for column in columns)
    )


def _looks_right(key: str, values: pd.Series) -> bool:
    """Whether most of the first values that say something are such as the key's."""
    some = values.head(_LOOKED_AT).str.strip()
    some = some[some != ""]
    if key not in _LIKELY:
        return len(some) > 0
    return len(some) > 0 and bool(some.str.fullmatch(_LIKELY[key]).mean() >= 0.5)


def _one_to_one(two: pd.DataFrame) -> bool:
    pairs = two.drop_duplicates()
    return all(pairs[column].is_unique for column in pairs)
