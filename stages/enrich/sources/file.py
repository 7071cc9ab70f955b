"""The source `file`: a table with one row per item, such as TMDB enrichment yields."""

import re
from collections.abc import Hashable, Mapping
from pathlib import Path

import pandas as pd

from stages.core.errors import InputError, MissingError
from stages.data.sheets.dialect import load_text, refuse_stray_marks
from stages.data.sheets.lists import bracketed, is_bracketed, not_a_list
from stages.enrich.sources import Metadata
from stages.enrich.text import clean_list, clean_text

_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_ID_COLUMNS = ("movie_id", "item_id", "movieId")


def read_metadata(path: Path) -> dict[str, Metadata]:
    """Metadata by item id; lists are `|`-separated, and every column but the id is optional."""
    if not path.is_file():
        raise MissingError(
            f"enrich.file names {path}, which is not there; put a table there or set enrich.source "
            "to none"
        )
    table = _table(path)
    key = next((name for name in _ID_COLUMNS if name in table.columns), None)
    if key is None:
        raise InputError(
            f"{path} has no column movie_id; its columns are {', '.join(table.columns)}"
        )
    repeated = table[key][table[key].duplicated()]
    if len(repeated):
        raise InputError(f"{path} has item {repeated.iloc[0]} twice; keep one row per item")
    rows = table.rename(columns={key: "movie_id"}).to_dict("records")
    try:
        return {row["movie_id"]: _record(row) for row in rows}
    except InputError as error:
        raise InputError(f"{path}, {error}") from None


def _table(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except ValueError as error:
        why = " ".join(str(error).split())
        raise InputError(
            f"{path} cannot be read as a table: {why}; save it as CSV in UTF-8"
        ) from error
    refuse_stray_marks(path, load_text(path))
    return table


def _record(row: Mapping[Hashable, str]) -> Metadata:
    year = _YEAR.search(row.get("year", "") or row.get("release_date", ""))
    overview = clean_text(row.get("overview"))
    return Metadata(
        source="file",
        overview=overview,
        tagline=clean_text(row.get("tagline")),
        year=int(year[0]) if year else None,
        genres=_names(row, "genres"),
        keywords=_names(row, "keywords"),
        directors=_names(row, "directors"),
        cast=_names(row, "cast"),
        creators=_names(row, "creators"),
        tmdb_id=clean_text(row.get("tmdb_id")),
        imdb_id=clean_text(row.get("imdb_id")),
        unmatched=None if overview else "the table has no overview for this movie",
    )


def _names(row: Mapping[Hashable, str], column: str) -> list[str]:
    cell = row.get(column)
    if not isinstance(cell, str) or not is_bracketed(cell):
        return clean_list(cell)
    names = bracketed(cell)
    if names is None:
        raise InputError(f"item {row['movie_id']}: {not_a_list(column, cell)}")
    return clean_list("|".join(names))
