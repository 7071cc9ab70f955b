"""IMDb and TMDB ids that a data set has: in its metadata table, or in MovieLens' links.csv."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from stages.core.errors import InputError
from stages.enrich.sources.file import read_metadata

_IMDB_DIGITS = 7


@dataclass(frozen=True)
class Ids:
    """A film's ids elsewhere."""

    tmdb: str | None = None
    imdb: str | None = None


def known_ids(data: Path, table: Path) -> dict[str, Ids]:
    """Ids by movie id; the table's come before those of links.csv."""
    known = _of_links(data / "links.csv")
    for movie, row in read_metadata(table).items() if table.is_file() else ():
        ids = Ids(_tmdb(row.tmdb_id), _imdb(row.imdb_id))
        if ids != Ids():
            known[movie] = ids
    return known


def with_ids(enriched: pd.DataFrame, known: Mapping[str, Ids]) -> pd.DataFrame:
    """The enriched rows with the known ids where the source gave none."""
    ids = [known.get(item, Ids()) for item in enriched["item_id"]]
    given = zip(enriched["tmdb_id"], enriched["imdb_id"], ids, strict=True)
    pairs = [(tmdb or each.tmdb, imdb or each.imdb) for tmdb, imdb, each in given]
    columns = pd.DataFrame(
        pairs, columns=["tmdb_id", "imdb_id"], index=enriched.index, dtype=object
    )
    return enriched.assign(tmdb_id=columns["tmdb_id"], imdb_id=columns["imdb_id"])


def _of_links(path: Path) -> dict[str, Ids]:
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        try:
            rows = list(csv.DictReader(lines))
            return {
                row["movieId"]: Ids(_tmdb(row.get("tmdbId")), _imdb(row.get("imdbId")))
                for row in rows
            }
        except (KeyError, UnicodeDecodeError, csv.Error) as error:
            raise InputError(
                f"{path} is not MovieLens' table of links; it must be CSV in UTF-8 with the "
                "columns movieId, imdbId and tmdbId"
            ) from error


def _tmdb(text: str | None) -> str | None:
    """The number, even if a spreadsheet turned it into "862.0"."""
    digits = (text or "").removesuffix(".0")
    return str(int(digits)) if digits.isascii() and digits.isdigit() else None


def _imdb(text: str | None) -> str | None:
    """Seven digits or more after "tt": "tt0114709" from that, "0114709" or "114709"."""
    digits = (text or "").removeprefix("tt").removesuffix(".0")
    return f"tt{digits.zfill(_IMDB_DIGITS)}" if digits.isascii() and digits.isdigit() else None
