"""Which column of a person's file holds what: as they say with --columns, else guessed from usual names."""

import re
from collections.abc import Mapping

from stages.core.errors import InputError
from stages.data.sheets.sheet import Sheet

USUAL: dict[str, tuple[str, ...]] = {
    "user": ("user", "userid", "uid", "customer", "customerid", "reader", "readerid", "reviewerid"),
    "item": (
        *("item", "itemid", "iid", "movieid", "movie", "filmid", "film", "bookid", "book", "isbn"),
        *("productid", "product", "asin", "gameid", "songid", "id"),
    ),
    "rating": ("rating", "ratings", "stars", "score", "userrating", "bookrating"),
    "timestamp": (
        "timestamp",
        "time",
        "ts",
        "unixtime",
        "datetime",
        "date",
        "ratedat",
        "createdat",
    ),
    "title": ("title", "movietitle", "booktitle", "filmtitle", "name", "itemname"),
    "genres": ("genres", "genre", "categories", "category"),
    "year": ("year", "releaseyear", "publicationyear", "yearofpublication"),
    "text": ("text", "overview", "description", "summary", "plot", "synopsis"),
    "gender": ("gender", "sex"),
    "age": ("age",),
    "occupation": ("occupation", "job", "profession"),
}
CANONICAL = {"user": "user_id", "item": "movie_id"}


def parse_columns(text: str) -> dict[str, str]:
    """``user=uid,item=isbn`` as a dictionary."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    named = {key.strip(): column.strip() for key, _, column in pairs}
    for key, column in named.items():
        if key not in USUAL or not column:
            raise InputError(
                f"--columns {key}={column}: write KEY=COLUMN with a KEY of {', '.join(USUAL)}"
            )
    return named


def require_used(named: Mapping[str, str], *sheets: Sheet | None) -> None:
    """Refuse a column that --columns names and no file has."""
    given = [sheet for sheet in sheets if sheet is not None]
    for key, column in named.items():
        if not any(column in sheet.columns for sheet in given):
            there = "; ".join(f"{sheet.path} has {', '.join(sheet.columns)}" for sheet in given)
            raise InputError(
                f"--columns {key}={column}: no file has the column {column!r}; {there}"
            )


def choose(
    sheet: Sheet, named: Mapping[str, str], needed: tuple[str, ...], useful: tuple[str, ...]
) -> Sheet:
    """The sheet with the project's own column names; a needed column that is not found is an InputError."""
    chosen: dict[str, str] = {}
    for key in (*needed, *useful):
        column = _column(sheet, key, named, taken=chosen)
        if column is not None:
            chosen[column] = CANONICAL.get(key, key)
        elif key in needed:
            there = ", ".join(sheet.columns)
            raise InputError(
                f"{sheet.path}, line 1: no {key} column in {there}; name it with --columns {key}=COLUMN"
            )
    return sheet.renamed(chosen)


def _column(
    sheet: Sheet, key: str, named: Mapping[str, str], taken: Mapping[str, str]
) -> str | None:
    if named.get(key) in sheet.columns:
        return named[key]
    spoken_for = {*taken, *(column for other, column in named.items() if other != key)}
    plain = {
        re.sub(r"[\W_]", "", column).casefold(): column
        for column in sheet.columns
        if column not in spoken_for
    }
    return next((plain[name] for name in USUAL[key] if name in plain), None)
