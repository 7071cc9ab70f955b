"""Tables that may be larger than memory: columns in temporary files without a name, mapped.

The system reads what is used of them and drops it when memory is short, so they do not count as
memory that a process needs. They vanish with the process, however it ends. TMPDIR says where they
lie; it should not be a file system in memory.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from stages.core.files import existing, write_whole
from stages.core.tables import as_arrow, read_arrow, undamaged, write_table

LARGE = 16_000_000
"""Rows from which a table is mapped."""
BLOCK = 1 << 20
"""Rows of a row group, and rows that are worked on at a time."""


class MappedColumns:
    """Columns that grow block by block; types: name → that of NumPy."""

    def __init__(self, types: Mapping[str, Any]) -> None:
        # They are closed with the last array that is mapped from them.
        self.files: dict[str, IO[bytes]] = {name: TemporaryFile() for name in types}  # noqa: SIM115
        self.types = {name: np.dtype(kind) for name, kind in types.items()}
        self.rows = 0

    def append(self, block: Mapping[str, np.ndarray]) -> None:
        """Add rows; block: name → (rows,)."""
        for name, file in self.files.items():
            np.ascontiguousarray(block[name], dtype=self.types[name]).tofile(file)
        self.rows += len(next(iter(block.values()), ()))

    def arrays(self) -> dict[str, np.ndarray]:
        """Name → (all rows,), to read and to overwrite."""
        return {name: self._mapped(name) for name in self.files}

    def _mapped(self, name: str) -> np.ndarray:
        self.files[name].flush()
        if not self.rows:
            return np.empty(0, dtype=self.types[name])
        return np.asarray(np.memmap(self.files[name], self.types[name], "r+", shape=(self.rows,)))


def slices(rows: int, size: int = BLOCK) -> Iterator[slice]:
    """The rows 0…rows − 1 in blocks."""
    return (slice(at, min(at + size, rows)) for at in range(0, rows, size))


def row_count(path: Path) -> int:
    """How many rows a parquet file has."""
    with undamaged(existing(path)), pq.ParquetFile(path) as file:
        return int(file.metadata.num_rows)


def read_blocks(path: Path, schema: pa.Schema) -> Iterator[pa.Table]:
    """The columns of `schema`, in its types, a row group at a time."""
    with undamaged(existing(path)), pq.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            yield file.read_row_group(number, columns=schema.names).cast(schema)


def write_blocks(path: Path, tables: Iterable[pa.Table], schema: pa.Schema) -> None:
    """Write tables of `schema` as one parquet file, row groups of at most BLOCK rows."""

    def write(partial: Path) -> None:
        with pq.ParquetWriter(partial, schema, compression="zstd") as writer:
            for table in tables:
                writer.write_table(table, row_group_size=BLOCK)

    write_whole(path, write)


def write_frame(path: Path, frame: Any, schema: pa.Schema) -> None:
    """Write a pandas frame as `write_table` does, a block at a time if it is large."""
    if len(frame) < LARGE:
        write_table(path, frame, schema)
        return
    parts = (as_arrow(frame.iloc[block], schema) for block in slices(len(frame)))
    write_blocks(path, parts, schema)


def read_mapped(paths: Iterable[Path], schema: pa.Schema) -> dict[str, np.ndarray]:
    """The numeric columns of `schema` of several parquet files, one after the other."""
    columns = MappedColumns({field.name: field.type.to_pandas_dtype() for field in schema})
    for path in paths:
        for table in read_blocks(path, schema):
            columns.append({name: table[name].to_numpy() for name in schema.names})
    return columns.arrays()


def numeric_columns(path: Path, schema: pa.Schema) -> list[np.ndarray]:
    """The numeric columns of `schema` of a parquet file, mapped if it is large."""
    if row_count(path) >= LARGE:
        return list(read_mapped([path], schema).values())
    table = read_arrow(path, schema)
    return [table[name].to_numpy() for name in schema.names]
