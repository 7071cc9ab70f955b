"""What a fit reads of earlier stages: a split's rows, text vectors, facts and traits."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from stages.contracts.rows import ENRICHED, MOVIES, RATINGS, TRAINING, USERS
from stages.core.errors import MissingError
from stages.core.tables import read_arrays, read_arrow, read_table
from stages.train.fitting.facts import Facts, facts_of
from stages.train.fitting.selection import SplitRows
from stages.train.fitting.traits import traits_of


@dataclass(frozen=True)
class Sources:
    """The folder that prepare wrote, the file of enrich, and the folder of embed."""

    prepared: Path
    movies: Path
    embedded: Path


@dataclass(frozen=True)
class ItemSide:
    """What all fits on a data set share: facts about the items, and their vectors by text form."""

    facts: Facts
    vectors: dict[str, np.ndarray]

    def joined(self, rows: SplitRows, form: str | None) -> SplitRows:
        """The rows of a split with what is known about the items."""
        item_text = None if form is None else self.vectors[form]
        return replace(rows, item_text=item_text, facts=self.facts)


def item_side(sources: Sources, forms: Iterable[str | None]) -> ItemSide:
    """What earlier stages wrote about the items, with these forms of text."""
    movies = read_table(sources.prepared / "movies.parquet", MOVIES)
    vectors = {
        form: _vectors(sources.embedded / "items", form) for form in forms if form is not None
    }
    return ItemSide(facts_of(movies, read_table(sources.movies, ENRICHED)), vectors)


def user_side(sources: Sources, split: str, form: str | None, refit: bool = True) -> SplitRows:
    """What earlier stages wrote about a split and its users, without its test rows."""
    folder = sources.prepared / "splits" / split
    train = read_table(folder / "train.parquet", TRAINING)
    valid = read_table(folder / "valid.parquet", RATINGS)
    users = read_table(sources.prepared / "users.parquet", USERS)
    n_items = read_arrow(sources.prepared / "movies.parquet", MOVIES).num_rows
    # Users are embedded only where a model reads them.
    own = sources.embedded / split
    text = _vectors(own, form) if form and (own / f"{form}.safetensors").exists() else None
    traits = traits_of(users)
    return SplitRows(split, train, valid, len(users), n_items, text, None, None, traits, refit)


def split_rows(sources: Sources, split: str, form: str | None, refit: bool = True) -> SplitRows:
    """What earlier stages wrote for a split, without its test rows; refit: see `SplitRows`."""
    rows = user_side(sources, split, form, refit)
    return item_side(sources, [form]).joined(rows, form)


def _vectors(folder: Path, form: str) -> np.ndarray:
    file = folder / f"{form}.safetensors"
    if not file.exists():
        raise MissingError(
            f"{file} is not there; add {form} to embed.forms in params.yaml and run `dvc repro`"
        )
    return read_arrays(file)["vectors"]
