"""A data set, whole or as the parts of a split, in files that other tools read."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from stages.core.errors import InputError
from stages.core.files import write_text
from stages.core.ids import refuse_spaced
from stages.data.dataset import Dataset

RatingParts = Mapping[str, pd.DataFrame]
"""`train`, `valid` and `test`, or the whole as an empty name → rows of `Dataset.ratings`."""


def parts_of(data: Dataset, pairs: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The ratings of each part, on the data set's own scale; pairs: user_id and movie_id."""
    on = ["user_id", "movie_id"]
    return {part: rows[on].merge(data.ratings, on=on) for part, rows in pairs.items()}


def export(data: Dataset, parts: RatingParts, form: str, folder: Path) -> list[Path]:
    """Write the files of `form` into a folder that is new or empty, and return them."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"--out {folder} is not an empty folder; give a new one")
    files = EXPORT_FORMS[form](data, parts)
    for name, text in files.items():
        write_text(folder / name, text)
    return [folder / name for name in files]


def _recbole(data: Dataset, parts: RatingParts) -> dict[str, str]:
    """RecBole's atomic files; those of a split are named as its `benchmark_filename` wants."""
    refuse_spaced("recbole", (*data.users["user_id"], *data.movies["movie_id"]), "lenskit")
    users, items = _without_tabs(data.users), _without_tabs(data.movies)
    typed = {"user_id": "user_id:token", "movie_id": "item_id:token"}
    values = {"rating": "rating:float", "timestamp": "timestamp:float"}
    known = values if data.timestamps else {"rating": "rating:float"}
    files = {
        f"{data.name}{f'.{part}' if part else ''}.inter": _tabs(rows, typed | known)
        for part, rows in parts.items()
    }
    genres = items.assign(genres=items["genres"].map(lambda names: " ".join(_joined(names))))
    about = {"title": "title:token_seq", "year": "year:float", "genres": "genre:token_seq"}
    files[f"{data.name}.item"] = _tabs(genres, {"movie_id": "item_id:token"} | about)
    traits = {"age": "age:float", "gender": "gender:token", "occupation": "occupation:token"}
    files[f"{data.name}.user"] = _tabs(users, {"user_id": "user_id:token"} | traits)
    return files


def _lenskit(data: Dataset, parts: RatingParts) -> dict[str, str]:
    """CSV with LensKit's names: user_id, item_id, rating, timestamp."""
    names = {"user_id": "user_id", "movie_id": "item_id", "rating": "rating"}
    names |= {"timestamp": "timestamp"} if data.timestamps else {}
    files = {
        f"{part or 'ratings'}.csv": _table(rows[list(names)].rename(columns=names))
        for part, rows in parts.items()
    }
    items = data.movies[["movie_id", "title"]].rename(columns={"movie_id": "item_id"})
    return files | {"items.csv": _table(items)}


def _trec(data: Dataset, parts: RatingParts) -> dict[str, str]:
    """TREC qrels: relevance 1 from the data set's threshold on, else 0."""
    refuse_spaced("trec", (*data.users["user_id"], *data.movies["movie_id"]), "lenskit")
    return {
        f"{part or data.name}.qrels": _table(
            pd.DataFrame(
                {
                    "user": rows["user_id"],
                    "iteration": 0,
                    "item": rows["movie_id"],
                    "relevance": (rows["rating"] >= data.positive_at).astype(int),
                }
            ),
            " ",
            header=False,
        )
        for part, rows in parts.items()
    }


EXPORT_FORMS: dict[str, Callable[[Dataset, RatingParts], dict[str, str]]] = {
    "recbole": _recbole,
    "lenskit": _lenskit,
    "trec": _trec,
}
"""Form → what makes its files, by name."""


def _tabs(frame: pd.DataFrame, names: dict[str, str]) -> str:
    return _table(frame[list(names)].rename(columns=names), "\t")


def _table(frame: pd.DataFrame, separator: str = ",", header: bool = True) -> str:
    return str(frame.to_csv(None, sep=separator, header=header, index=False, lineterminator="\n"))


def _without_tabs(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts on one line, so that no value holds a tab."""
    return frame.map(lambda value: " ".join(value.split()) if isinstance(value, str) else value)


def _joined(names: list[str]) -> list[str]:
    """Each name as one word: RecBole separates the words of a sequence by blanks."""
    return ["_".join(name.split()) for name in names]
