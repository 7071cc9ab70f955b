"""Parquet: every value becomes the string that a CSV file would hold."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stages.core.errors import InputError
from stages.data.files.limits import refuse_bomb, refuse_many_columns
from stages.data.sheets.delimited import memory_of, refuse_repeated
from stages.data.sheets.sheet import Sheet

MARK = b"PAR1"


def parquet_sheet(path: Path, content: bytes | bytearray) -> Sheet:
    """The rows of a Parquet file; lists and other nested values become JSON, null empty."""
    try:
        file = pq.ParquetFile(memory_of(content))
        names = file.schema_arrow.names
        refuse_many_columns(path, len(names))
        refuse_repeated(path, names, 1)
        packed = len(content)
        refuse_bomb(path, file.metadata.num_rows * len(names), packed)
        batches, size = [], 0
        for batch in file.iter_batches():
            size += batch.nbytes
            refuse_bomb(path, size, packed)
            strings = [_strings(column) for column in batch.columns]
            batches.append(pa.RecordBatch.from_arrays(strings, names=names))
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        why = " ".join(str(error).split())
        raise InputError(
            f"{path} is a broken or incomplete Parquet file ({why}); download or copy it again"
        ) from error
    schema = pa.schema([(name, pa.string()) for name in names])
    rows: pd.DataFrame = pa.Table.from_batches(batches, schema).to_pandas()
    return Sheet(path, rows, np.arange(1, len(rows) + 1), "Parquet", unit="row")


def _strings(values: Any) -> Any:
    kind = values.type
    if pa.types.is_dictionary(kind):
        values = values.cast(kind.value_type)
    if pa.types.is_nested(values.type):
        texts = [None if value is None else as_json(value) for value in values.to_pylist()]
        return pa.array(texts, pa.string()).fill_null("")
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), None, values)
    return values.cast(pa.string()).fill_null("")


def as_json(value: object) -> str:
    """A nested value as a cell holds it."""
    return json.dumps(value, ensure_ascii=False, default=str)
