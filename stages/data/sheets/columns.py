"""What each column of a person's file holds: as --columns says, or guessed from usual names."""

import re
from collections.abc import Mapping

from stages.core.errors import InputError
from stages.data.sheets.sheet import Sheet

USUAL: dict[str, tuple[str, ...]] = {
    "user": ("userid", "user", "uid", "customer", "customerid", "reader", "readerid", "reviewerid"),
    "item": (
        *("movieid", "itemid", "item", "iid", "movie", "filmid", "film", "bookid", "book", "isbn"),
        *("productid", "product", "asin", "gameid", "songid", "id"),
    ),
    "rating": ("rating", "ratings", "stars", "score", "userrating", "bookrating"),
    "timestamp": (
        *("timestamp", "time", "ts", "unixtime", "datetime", "date", "ratedat", "createdat"),
    ),
    "title": ("title", "movietitle", "booktitle", "filmtitle", "name", "itemname"),
    "genres": ("genres", "genre", "categories", "category"),
    "year": ("year", "releaseyear", "publicationyear", "yearofpublication"),
    "creators": (
        *(
            "creators",
            "creator",
            "author",
            "authors",
            "bookauthor",
            "artist",
            "artists",
            "artistname",
        ),
        *("brand", "brandname", "director", "directors", "developer", "developers", "publisher"),
    ),
    "text": ("text", "overview", "description", "summary", "plot", "synopsis"),
    "gender": ("gender", "sex"),
    "age": ("age",),
    "part": ("part", "split"),
    "occupation": ("occupation", "job", "profession"),
}
"""What --columns can name, and the names that are known without it, the likeliest first."""
REQUIRED = ("user", "item", "rating", "title")
"""The keys that no --columns KEY= leaves out."""
RANK = {"rank": ("recommendationrank", "rank")}
"""The additional columns of a file of recommendations."""
CANONICAL = {"user": "user_id", "item": "movie_id", "rank": "recommendation_rank"}
"""The project's own names, if they differ from the keys."""


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
            there = "; ".join(f"{sheet.path} has {', '.join(sheet.columns)}" for sheet in given)
            raise InputError(
                f"--columns {key}={column}: no file has the column {column!r}; {there}"
            )


def choose_columns(
    sheet: Sheet,
    named: Mapping[str, str],
    needed: tuple[str, ...],
    useful: tuple[str, ...] = (),
    advice: str = "name it with --columns {key}=COLUMN",
) -> Sheet:
    """The sheet under the project's column names; an InputError if a required one is missing."""
    chosen: dict[str, str] = {}
    for key in (*needed, *useful):
        column = _column(sheet, key, named, taken=chosen)
        if column is not None:
            chosen[column] = CANONICAL.get(key, key)
        elif key in needed:
            raise InputError(
                f"{sheet.path}, line 1: no {key} column in {', '.join(sheet.columns)}; "
                + advice.format(key=key, name=CANONICAL.get(key, key))
            )
    return sheet.renamed(chosen)


def is_usual(name: str, *keys: str) -> bool:
    """Whether a column of that name would be taken for one of `keys`."""
    return any(_plain(name) in USUAL[key] for key in keys)


def _column(
    sheet: Sheet, key: str, named: Mapping[str, str], taken: Mapping[str, str]
) -> str | None:
    if named.get(key) in sheet.columns:
        return named[key]
    if named.get(key) == "":
        return None
    spoken_for = {*taken, *(column for other, column in named.items() if other != key)}
    plain = {_plain(column): column for column in sheet.columns if column not in spoken_for}
    if CANONICAL["user"] in taken.values():
        # Next to a user column, `id` numbers the rows, as in exports of database tables.
        plain.pop("id", None)
    return next((plain[name] for name in (USUAL | RANK)[key] if name in plain), None)


def _plain(column: str) -> str:
    return re.sub(r"[\W_]", "", column).casefold()
