"""What a fit reads of earlier stages: a split's rows, text vectors, facts and traits."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from stages.contracts.rows import ENRICHED, MOVIES, RATINGS, TRAINING, USERS
from stages.core import mapped
from stages.core.errors import MissingError
from stages.core.mapped import row_count
from stages.core.tables import read_arrays, read_arrow, read_table
from stages.train.fitting.facts import Facts, facts_of
from stages.train.fitting.rows import SplitRows
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
    train, valid, both = train_and_valid(sources.prepared / "splits" / split)
    users = read_table(sources.prepared / "users.parquet", USERS)
    n_items = read_arrow(sources.prepared / "movies.parquet", MOVIES).num_rows
    # Users are embedded only where a model reads them.
    own = sources.embedded / split
    text = _vectors(own, form) if form and (own / f"{form}.safetensors").exists() else None
    traits = traits_of(users)
    return SplitRows(
        split, train, valid, len(users), n_items, text, None, None, traits, refit, together=both
    )


def train_and_valid(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame | None]:
    """Train and valid of a split; and both, of which they are views, where these are too many."""
    files = train, valid = folder / "train.parquet", folder / "valid.parquet"
    first, last = map(row_count, files)
    if first + last < mapped.LARGE:
        return read_table(train, TRAINING), read_table(valid, RATINGS), None
    both = pd.DataFrame(mapped.read_mapped(files, RATINGS), copy=False)
    return both[:first].assign(history=history_of(train)), both[first:], both


def history_of(train: Path) -> "pd.Categorical[str]":
    """The column `history` of a train.parquet, (rows,), mapped."""
    columns, kinds = mapped.MappedColumns({"code": np.int8}), ["test", "valid"]
    for table in mapped.read_blocks(train, pa.schema([TRAINING.field("history")])):
        codes = pc.index_in(table["history"], value_set=pa.array(kinds)).fill_null(-1)
        columns.append({"code": codes.to_numpy()})
    return pd.Categorical.from_codes(columns.arrays()["code"], pd.Index(kinds))


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
