"""The sample as files in the canonical form.

Whole numbers and text only, written without pandas, so that the bytes are the same on every machine
and with every version.
"""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from stages.core.files import write_json, write_text
from stages.data.sample.catalogue import Film
from stages.data.sample.generate import Sample

_CARD = Path(__file__).with_name("card.md")
_DESCRIPTION = (
    "Real films with overviews in our own words; "
    "users and ratings are simulated by a seeded generator"
)


def write_sample(folder: Path, films: list[Film], sample: Sample) -> None:
    """Write dataset.json, the four tables and the data card."""
    about = {
        "name": "sample",
        "scale": [1, 5],
        "positive_at": 4,
        "implicit": False,
        "timestamps": True,
        "simulated": True,
        "description": _DESCRIPTION,
    }
    write_json(folder / "dataset.json", about)
    _write_csv(folder / "ratings.csv", "user_id,movie_id,rating,timestamp", sample.ratings.tolist())
    _write_csv(
        folder / "movies.csv",
        "movie_id,title,year,genres,text",
        ([film.movie_id, film.title, film.year, "|".join(film.genres), ""] for film in films),
    )
    _write_csv(
        folder / "users.csv",
        "user_id,gender,age,occupation",
        (vars(user).values() for user in sample.users),
    )
    header = "movie_id,title,year,overview,tagline,genres,release_date,directors,cast"
    _write_csv(folder / "metadata.csv", header, map(_metadata, films))
    write_text(folder / "README.md", _CARD.read_text(encoding="utf-8"))


def _metadata(film: Film) -> list[object]:
    lists = ["|".join(film.genres), "", "|".join(film.directors), "|".join(film.cast)]
    return [film.movie_id, film.title, film.year, film.overview, "", *lists]


def _write_csv(path: Path, header: str, rows: Iterable[Iterable[object]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    write_text(path, text.getvalue())
