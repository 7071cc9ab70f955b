"""What a fit reads of earlier stages: a split's rows, text vectors, facts and traits."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stages.contracts.rows import ENRICHED, MOVIES, RATINGS, TRAINING, USERS
from stages.core.errors import MissingError
from stages.core.tables import read_arrays, read_table
from stages.train.fitting.facts import facts_of
from stages.train.fitting.selection import SplitRows
from stages.train.fitting.traits import traits_of

_TABLES = (("users", USERS), ("movies", MOVIES))


@dataclass(frozen=True)
class Sources:
    """The folder that prepare wrote, the file of enrich, and the folder of embed."""

    prepared: Path
    movies: Path
    embedded: Path


def split_rows(sources: Sources, split: str, form: str | None, refit: bool = True) -> SplitRows:
    """What earlier stages wrote for a split, without its test rows; refit: see `SplitRows`."""
    folder = sources.prepared / "splits" / split
    train = read_table(folder / "train.parquet", TRAINING)
    valid = read_table(folder / "valid.parquet", RATINGS)
    users, movies = (
        read_table(sources.prepared / f"{name}.parquet", kind) for name, kind in _TABLES
    )
    item_text = _vectors(sources.embedded / "items", form)
    # Users are embedded only where a model reads them.
    embedded = (sources.embedded / split / f"{form}.safetensors").exists()
    user_text = _vectors(sources.embedded / split, form) if embedded else None
    facts = facts_of(movies, read_table(sources.movies, ENRICHED))
    sizes = len(users), len(movies)
    traits = traits_of(users)
    return SplitRows(split, train, valid, *sizes, user_text, item_text, facts, traits, refit)


def _vectors(folder: Path, form: str | None) -> np.ndarray | None:
    if form is None:
        return None
    file = folder / f"{form}.safetensors"
    if not file.exists():
        raise MissingError(
            f"{file} is not there; add {form} to embed.forms in params.yaml and run `dvc repro`"
        )
    return read_arrays(file)["vectors"]
