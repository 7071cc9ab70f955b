"""The ratings and the parts of each split as parquet files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from stages.contracts.rows import RATINGS, TRAINING
from stages.core import mapped
from stages.core.tables import as_arrow, write_table
from stages.prepare.splits.parts import TEST, VALID, Cut, training_rows

_Chosen = Callable[[pd.DataFrame, Cut], pd.DataFrame]
"""From ratings and their parts to those of a file."""


def write_ratings(out: Path, ratings: pd.DataFrame, cuts: dict[str, Cut]) -> None:
    """Write all ratings, and train, valid and test of each split."""
    nowhere = np.zeros(len(ratings), dtype=np.int8)
    _write(out / "ratings.parquet", lambda rows, _: rows, ratings, nowhere, RATINGS)
    for name, parts in cuts.items():
        folder = out / "splits" / name
        _write(folder / "train.parquet", training_rows, ratings, parts, TRAINING)
        _write(folder / "valid.parquet", lambda r, p: r[p == VALID], ratings, parts, RATINGS)
        _write(folder / "test.parquet", lambda r, p: r[p == TEST], ratings, parts, RATINGS)


def _write(
    path: Path, chosen: _Chosen, ratings: pd.DataFrame, parts: Cut, schema: pa.Schema
) -> None:
    if len(ratings) < mapped.LARGE:
        write_table(path, chosen(ratings, parts), schema)
        return

    def tables() -> Iterator[pa.Table]:
        for block in mapped.slices(len(ratings)):
            yield as_arrow(chosen(ratings.iloc[block], parts[block]), schema)

    mapped.write_blocks(path, tables(), schema)
