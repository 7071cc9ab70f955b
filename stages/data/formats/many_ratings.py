"""Ratings in our own form that are too many for a CSV file: ratings.parquet, read block by block.

Columns: user_id and movie_id, strings or whole numbers; rating, unless the set is implicit; and
timestamp in seconds since 1970, where times are known.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stages.core.errors import InputError
from stages.core.ids import natural_order
from stages.core.log import progress
from stages.core.mapped import MappedColumns
from stages.data.sheets.scales import Scale
from stages.data.sheets.times import LATEST

FILE = "ratings.parquet"
_IDS = ("user_id", "movie_id")


def many_ratings(path: Path, scale: Scale, implicit: bool, movies: pd.Series) -> pd.DataFrame:
    """The ratings, as `Dataset` has them, mapped, with ids as categories; movies: ids of items."""
    try:
        return _read(path, scale, implicit, movies)
    except (pa.ArrowException, OSError) as error:
        why = " ".join(str(error).split())
        raise InputError(
            f"{path} cannot be read as ratings ({why}); correct it or copy it again"
        ) from error


def _read(path: Path, scale: Scale, implicit: bool, movies: pd.Series) -> pd.DataFrame:
    with pq.ParquetFile(path) as file:
        names = file.schema_arrow.names
        needed = [*_IDS, *([] if implicit else ["rating"])]
        if missing := [name for name in needed if name not in names]:
            raise InputError(
                f"{path} has no column {missing[0]}; the columns there are {', '.join(names)}"
            )
        users = pa.array(natural_order(_distinct(file, "user_id", path)))
        items = pa.array(movies.to_list(), pa.string())
        types = {"user_id": _codes_for(users), "movie_id": _codes_for(items)}
        columns = MappedColumns(types | {"rating": np.float32, "timestamp": np.int64})
        used = [name for name in (*needed, "timestamp") if name in names]
        numbers = range(file.num_row_groups)
        for number in progress(numbers, f"reading {path.name}: row groups", len(numbers)):
            table = file.read_row_group(number, columns=used)
            first = columns.rows
            rated = pc.index_in(table["movie_id"].cast(pa.string()), value_set=items)
            if rated.null_count:
                at = int(np.flatnonzero(rated.is_null().to_numpy())[0])
                raise InputError(
                    f"{path}, row {first + at + 1}: item {table['movie_id'][at].as_py()!r} is not "
                    "in movies.csv; add it there or drop the row"
                )
            columns.append(
                {
                    "user_id": pc.index_in(
                        table["user_id"].cast(pa.string()), value_set=users
                    ).to_numpy(),
                    "movie_id": rated.to_numpy(),
                    "rating": _ratings(table, scale, path, first),
                    "timestamp": _times(table, path, first),
                }
            )
    arrays = columns.arrays()
    ids = {
        name: pd.Categorical.from_codes(arrays[name], categories.to_pylist())
        for name, categories in (("user_id", users), ("movie_id", items))
    }
    return pd.DataFrame(arrays | ids, copy=False)


def _distinct(file: pq.ParquetFile, name: str, path: Path) -> list[str]:
    distinct = pa.array([], pa.string())
    for number in range(file.num_row_groups):
        ids = file.read_row_group(number, columns=[name])[name].cast(pa.string())
        if ids.null_count:
            raise InputError(f"{path}: {ids.null_count:,} rows have no {name}; leave them out")
        distinct = pa.concat_arrays([distinct, pc.unique(ids)]).unique()
    return distinct.to_pylist()


def _codes_for(categories: pa.Array) -> type[np.signedinteger]:
    """The type that pandas takes codes in without a copy."""
    kinds = (np.int8, np.int16, np.int32)
    return next(kind for kind in kinds if len(categories) < np.iinfo(kind).max)


def _ratings(table: pa.Table, scale: Scale, path: Path, first: int) -> np.ndarray:
    if "rating" not in table.column_names:
        return np.ones(len(table), dtype=np.float32)
    low, high = scale
    return _checked(
        _numbers(table, "rating", path).astype(np.float32),
        (low, high),
        f"the rating {{}} is not from {low:g} to {high:g}",
        path,
        first,
    )


def _times(table: pa.Table, path: Path, first: int) -> np.ndarray:
    if "timestamp" not in table.column_names:
        return np.zeros(len(table), dtype=np.int64)
    times = _numbers(table, "timestamp", path)
    return _checked(
        times, (0, LATEST), "the time {} is no number of seconds since 1970", path, first
    ).astype(np.int64)


def _numbers(table: pa.Table, name: str, path: Path) -> np.ndarray:
    kind = table[name].type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        raise InputError(f"{path}: the column {name} holds {kind}, no numbers; write it as numbers")
    return np.asarray(table[name].to_numpy())


def _checked(
    values: np.ndarray, bounds: tuple[Any, Any], sentence: str, path: Path, first: int
) -> np.ndarray:
    """`values` if all lie within the bounds; nothing else does, no NaN either."""
    outside = ~((values >= bounds[0]) & (values <= bounds[1]))
    if outside.any():
        at = int(outside.argmax())
        raise InputError(
            f"{path}, row {first + at + 1}: {sentence.format(values[at])}; correct it or drop the "
            f"row ({int(outside.sum()):,} such rows in its row group)"
        )
    return values
