"""IMDb and TMDB ids that a data set knows: columns of its metadata table, or MovieLens' links.csv."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stages.enrich.sources import Metadata
from stages.enrich.sources.file import read_metadata

LINKS = "links.csv"
IMDB_DIGITS = 7


@dataclass(frozen=True)
class Ids:
    """A film's ids elsewhere."""

    tmdb: str | None = None
    imdb: str | None = None


def known_ids(data: Path, table: Path) -> dict[str, Ids]:
    """Ids by movie id; the table's come before those of links.csv."""
    listed = _of_table(read_metadata(table)) if table.is_file() else {}
    return {**_of_links(data / LINKS), **listed}


def _of_table(table: Mapping[str, Metadata]) -> dict[str, Ids]:
    found = {movie: Ids(_tmdb(row.tmdb_id), _imdb(row.imdb_id)) for movie, row in table.items()}
    return {movie: ids for movie, ids in found.items() if ids != Ids()}


def _of_links(path: Path) -> dict[str, Ids]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        return {
            row["movieId"]: Ids(_tmdb(row.get("tmdbId")), _imdb(row.get("imdbId"))) for row in rows
        }


def _tmdb(text: str | None) -> str | None:
    """The number, also where a spreadsheet made "862.0" of it."""
    digits = (text or "").removesuffix(".0")
    return str(int(digits)) if digits.isascii() and digits.isdigit() else None


def _imdb(text: str | None) -> str | None:
    """ "tt0114709" from "tt0114709", "0114709" or "114709"."""
    digits = (text or "").removeprefix("tt").removesuffix(".0")
    return f"tt{digits.zfill(IMDB_DIGITS)}" if digits.isascii() and digits.isdigit() else None
