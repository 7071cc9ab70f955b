"""Reading and writing every artifact: parquet, jsonl, json, safetensors.

A file appears whole or not at all.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel
from safetensors import SafetensorError

from stages.core.errors import DamagedError
from stages.core.files import existing, write_text, write_whole

M = TypeVar("M", bound=BaseModel)


@contextmanager
def undamaged(path: Path, line: int | None = None) -> Iterator[None]:
    """Read `path`; any error that a reader raises for damaged content becomes a DamagedError."""
    try:
        yield
    except (ValueError, RecursionError, pa.ArrowException, SafetensorError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        where = f"{path}, line {line}," if line else f"{path}"
        raise DamagedError(f"{where} is damaged; run `e2ep run` to make it again") from error


def write_table(path: Path, frame: Any, schema: pa.Schema) -> None:
    """Write a pandas frame as parquet with exactly the columns and types of `schema`."""
    table = as_arrow(frame, schema)
    write_whole(path, lambda partial: pq.write_table(table, partial, compression="zstd"))


def as_arrow(frame: Any, schema: pa.Schema) -> pa.Table:
    """A pandas frame with exactly the columns and types of `schema`."""
    return pa.Table.from_pandas(
        frame[schema.names], schema=schema, preserve_index=False
    ).replace_schema_metadata()


def read_arrow(path: Path, schema: pa.Schema, filters: Any = None) -> pa.Table:
    """Read the columns of `schema`, in its types, without pandas."""
    with undamaged(existing(path)):
        if filters is None:
            # pq.read_table would import pyarrow.dataset, and with it pandas.
            with pq.ParquetFile(path) as file:
                return file.read(columns=schema.names).cast(schema)
        return pq.read_table(path, columns=schema.names, filters=filters).cast(schema)


def read_table(path: Path, schema: pa.Schema) -> Any:
    """Read a pandas frame with the columns of `schema`."""
    return read_arrow(path, schema).to_pandas()


def write_jsonl(path: Path, rows: Iterable[BaseModel]) -> None:
    """Write one model per line."""
    write_text(path, "".join(row.model_dump_json() + "\n" for row in rows))


def read_jsonl(path: Path, model: type[M]) -> Iterator[M]:
    """Read one model per line."""
    with existing(path).open("rb") as lines:
        for number, line in enumerate(lines, 1):
            yield _row(path, number, line, model)


def write_model(path: Path, value: BaseModel) -> None:
    """Write one model as indented JSON."""
    write_text(path, value.model_dump_json(indent=1) + "\n")


def read_model(path: Path, model: type[M]) -> M:
    """Read one model."""
    with undamaged(existing(path)):
        return model.model_validate_json(path.read_text(encoding="utf-8"))


def read_jsonl_where(path: Path, model: type[M], key: str, value: str) -> M | None:
    """The first row whose leading field `key` is `value`, or None.

    Lines are compared as bytes; all are parsed only where none matches.
    """
    start = f'{{"{key}":{json.dumps(value, ensure_ascii=False)}'.encode(errors="surrogatepass")
    with existing(path).open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.startswith((start + b",", start + b"}")):
                return _row(path, number, line, model)
    return next((row for row in read_jsonl(path, model) if getattr(row, key) == value), None)


def _row(path: Path, number: int, line: bytes, model: type[M]) -> M:
    with undamaged(path, number):
        return model.model_validate_json(line)


def read_json(path: Path) -> Any:
    """Read JSON."""
    with undamaged(existing(path)):
        return json.loads(path.read_text(encoding="utf-8"))


def write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write named arrays as safetensors."""
    from safetensors.numpy import save_file

    content = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    write_whole(path, lambda partial: save_file(content, partial))


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Read named arrays from safetensors."""
    from safetensors.numpy import load

    with undamaged(existing(path)):
        return load(path.read_bytes())
